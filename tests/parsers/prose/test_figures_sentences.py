"""What single sentences state, and what they do not. Written by reading, not by running."""

from __future__ import annotations

import pytest

from parsers.prose.figures import read_figures

STATED: list[tuple[str, dict[str, int | float]]] = [
    # requests
    ("2022年，我局共收到政府信息公开申请12件。", {"requests_received": 12}),
    ("全年共收到依申请公开申请１２件，均已按时办结。", {"requests_received": 12}),
    ("2022年度我局共收到依申请信息公开26件，及时回复申请人", {"requests_received": 26}),
    (
        "2022年全区各级行政机关共受理政府信息公开申请21件，受理的申请件已按规定在法定期限内予以答复。",
        {"requests_received": 21},
    ),
    ("全年收到政府信息公开申请 1,234 件。", {"requests_received": 1234}),
    ("本年度共收到政府信息公开申请十二件。", {"requests_received": 12}),
    ("本年收到公民、法人和其他组织提出的政府信息公开申请一百零五件。", {"requests_received": 105}),
    ("2022年共收到5件政府信息公开申请。", {"requests_received": 5}),
    ("依申请公开情况：全年收到申请3件，办结3件。", {"requests_received": 3, "concluded": 3}),
    ("2022年，未收到政府信息公开申请。", {"requests_received": 0}),
    ("全年没有收到公民、法人和其他组织的政府信息公开申请。", {"requests_received": 0}),
    ("本年度我中心未发生依申请公开信息受理事项。", {"requests_received": 0}),
    ("2022年度，我单位收到政府信息公开申请0件。", {"requests_received": 0}),
    ("依申请公开0件。", {"requests_received": 0}),
    ("本年度无依申请公开事项。", {"requests_received": 0}),
    ("2022年未收到一件政府信息公开申请。", {"requests_received": 0}),
    ("2022年，本机关收到政府信息公开申请数量为零。", {"requests_received": 0}),
    ("本年度政府信息公开申请量为 0 件。", {"requests_received": 0}),
    ("1-12月，共收到政府信息公开申请18件。", {"requests_received": 18}),
    ("截至2022年12月底，我局共收到政府信息公开申请18件。", {"requests_received": 18}),
    ("全年收到政府信息公开申请35件，较上年减少5件，其中予以公开20件。", {"requests_received": 35, "disclosed": 20}),
    ("收到政府信息公开申请18件（上年为21件），均已答复。", {"requests_received": 18}),
    ("与2021年相比，收到的申请减少3件，全年收到政府信息公开申请18件。", {"requests_received": 18}),
    ("没有对政府信息公开申请收取信息处理费。", {"processing_fee_yuan": 0}),
    ("依申请公开政府信息收取信息处理费总金额为3940元。", {"processing_fee_yuan": 3940}),
    ("向3名申请人收取信息处理费1500元。", {"processing_fee_yuan": 1500}),
    ("1.本年度实际收取信息处理费贰佰元整。", {"processing_fee_yuan": 200}),
    ("收取信息处理费情况：人民币1,080.50元。", {"processing_fee_yuan": 1080.5}),
    ("（一）本年度未收取信息处理费。", {"processing_fee_yuan": 0}),
    (
        "2022年收到政府信息公开申请30件，2021年结转2件，1件结转至2023年办理。",
        {"requests_received": 30, "carried_over": 2, "carried_forward": 1},
    ),
    ("政府信息公开申请受理18件，答复18件。", {"requests_received": 18, "concluded": 18}),
    (
        "收到政府信息公开申请20件，按照办理结果划分：予以公开10件，占50%；部分公开2件，占10%；无法提供8件。",
        {"requests_received": 20, "disclosed": 10, "partially_disclosed": 2, "unavailable": 8},
    ),
    ("收到政府信息公开申请4件。其中予以公开3件，无法提供1件。", {"requests_received": 4, "disclosed": 3, "unavailable": 1}),
    ("（二）依申请公开情况。全年收到申请4件。", {"requests_received": 4}),
    ("已办结37件，其中予以公开20件，部分公开3件。", {"concluded": 37, "disclosed": 20, "partially_disclosed": 3}),
    ("2022年共收到3件依申请公开，答复3件。", {"requests_received": 3, "concluded": 3}),
    ("收到政府信息公开申请1件，已答复；未收取任何费用。", {"requests_received": 1, "processing_fee_yuan": 0}),
    ("答复申请20件，其中已主动公开5件，同意公开10件。", {"disclosed": 10}),
    ("收到政府信息公开申请9件，其中主动公开6件。", {"requests_received": 9}),
    ("我办按时办结数517件。其中属于已经主动公开的2件，同意公开答复292件。", {"disclosed": 292}),
    ("制作政府信息64条，其中主动公开16条，依申请公开12条，不予公开36条。", {"proactive_total": 16}),
    ("公开政府信息150条，其中主动公开政府信息120条。", {"proactive_total": 120}),
    ("政府信息公开行政复议1件（申请人撤回结案）、行政诉讼0件。", {"review_total": 1, "suit_total": 0}),
    ("本局开展政府信息公开工作。为此，专门配备了0名全职工作人员、2名兼职工作人员。", {"staff_full_time": 0, "staff_part_time": 2}),
    ("2022年度我街办未接到提出公开政府信息的申请。", {"requests_received": 0}),
    ("全乡未受理任何形式的政府信息公开申请。", {"requests_received": 0}),
    ("本年度未收到和处理政府信息公开申请事件。", {"requests_received": 0}),
    ("2022年收到和处理政府依申请公开8条。", {"requests_received": 8}),
    ("我委对依申请提供政府信息暂未收取检索、复印、邮寄等费用。", {"processing_fee_yuan": 0}),
    ("实现政府信息公开行政复议、行政诉讼“零发生”。", {"review_total": 0, "suit_total": 0}),
    (
        "因政府信息公开被申请行政复议2件，复议机关维持；被提起行政诉讼1件。",
        {"review_total": 2, "suit_total": 1},
    ),
    ("2022年新收政府信息公开申请7件，上年结转1件，办结8件。", {"new_requests": 7, "carried_over": 1, "concluded": 8}),
    ("本年新收政府信息公开申请数量为15件，结转下年度继续办理2件。", {"new_requests": 15, "carried_forward": 2}),
    (
        "市政府办公厅代表市政府共受理政府信息公开申请859件，申请数量较去年回落12.3%；"
        "答复政府信息公开申请805件（含上年度结转申请18件，另有72件申请按照《条例》顺延到下年度答复），"
        "均在法定期限内予以答复。",
        {"requests_received": 859, "concluded": 805, "carried_over": 18, "carried_forward": 72},
    ),
    (
        "全年收到政府信息公开申请 34 件，上年结转政府信息公开申请 2 件。"
        "所有办结的信息公开申请中同意公开答复 9 件，部分公开答复 0 件，"
        "不予公开答复 2 件，无法提供的 10 件，不予处理 0 件，其他处理 14 件，转下一年度办理答复的有 1 件。",
        {
            "requests_received": 34,
            "carried_over": 2,
            "disclosed": 9,
            "partially_disclosed": 0,
            "refused": 2,
            "unavailable": 10,
            "not_processed": 0,
            "other_handled": 14,
            "carried_forward": 1,
        },
    ),
    (
        "2022年办结政府信息公开申请10件，其中：予以公开6件，部分公开1件，不予公开1件，无法提供2件。",
        {"concluded": 10, "disclosed": 6, "partially_disclosed": 1, "refused": 1, "unavailable": 2},
    ),
    ("全年办结依申请2件，其中公开答复1件，无法提供1件 。", {"concluded": 2, "disclosed": 1, "unavailable": 1}),
    ("2022年受理并办结政府信息公开申请6件。", {"requests_received": 6, "concluded": 6}),
    (
        "2022年度，本机关新收到政府信息公开申请3件，结转上年度0件，均已按期办结。",
        {"new_requests": 3, "carried_over": 0},
    ),
    ("2022年收到依申请公开件8件，已办结8件，办结率100%。", {"requests_received": 8, "concluded": 8}),
    ("2022年我镇未收到公民依申请公开政府信息的申请。", {"requests_received": 0}),
    ("2022年度未收到要求公开政府信息的申请。", {"requests_received": 0}),
    ("2022年，本机关收到政府信息公开申请3件，其中自然人申请3件，法人或其他组织0件。", {"requests_received": 3}),
    (
        "2022年收到政府信息公开申请2件，其中予以公开1件，本机关不掌握相关信息1件。",
        {"requests_received": 2, "disclosed": 1},
    ),
    # items disclosed
    ("2022年主动公开政府信息 2543条。", {"proactive_total": 2543}),
    (
        (
            "2022年全区主动公开政府信息2069条。其中，区管委会及区直各部门主动公开政府信息1592条，"
            "占76.9%。各乡镇主动公开政府信息477条，占23.1%。"
        ),
        {"proactive_total": 2069},
    ),
    (
        "全年共审核发布各类公开政府信息249条，其中：发布行政公文和政策解读信息9条；政府网站信息185条。",
        {"proactive_total": 249},
    ),
    (
        "全年我区政府信息公开单位共公布政府信息2602条(其中机构职能类信息82条，规划计划类信息21条)。",
        {"proactive_total": 2602},
    ),
    ("截至2022年12月31日,我中心共在示例区政府信息公开网报送信息公开87条。", {"proactive_total": 87}),
    (
        "2022年制作、获取政府信息总数397条，其中主动公开政府信息61条，依申请公开信息数255条，不予公开信息数81条。",
        {"proactive_total": 61},
    ),
    ("全年通过政府网站、微信公众号等渠道主动公开政府信息320条。", {"proactive_total": 320}),
    ("全年公开信息33条。", {"proactive_total": 33}),
    ("2022年主动公开各类信息共1.2万条。", {"proactive_total": 12000}),
    # disputes and complaints
    ("本年度我中心未受理公开政府信息复议、诉讼、申诉等事项。", {"review_total": 0, "suit_total": 0}),
    ("2022年未收到有关政府信息公开行政复议、提起行政诉讼的申请。", {"review_total": 0, "suit_total": 0}),
    ("全年未发生因政府信息公开申请行政复议、提起行政诉讼的情况。", {"review_total": 0, "suit_total": 0}),
    ("2022年政府信息公开行政复议、行政诉讼均为0件。", {"review_total": 0, "suit_total": 0}),
    ("2022年政府信息公开行政复议0件，行政诉讼0件。", {"review_total": 0, "suit_total": 0}),
    ("无行政复议、行政诉讼案件。", {"review_total": 0, "suit_total": 0}),
    ("行政复议和行政诉讼情况：无。", {"review_total": 0, "suit_total": 0}),
    ("行政复议、行政诉讼均未发生。", {"review_total": 0, "suit_total": 0}),
    ("未发生政府信息公开行政复议和行政诉讼。", {"review_total": 0, "suit_total": 0}),
    ("没有因政府信息公开引发的行政复议、行政诉讼。", {"review_total": 0, "suit_total": 0}),
    ("信息公开类行政复议7件，诉讼9件，均获维持。", {"review_total": 7, "suit_total": 9}),
    ("因政府信息公开被申请行政复议3件、被提起行政诉讼2件。", {"review_total": 3, "suit_total": 2}),
    ("2022 年市科委有 1 件涉及政府信息公开工作的行政复议。", {"review_total": 1}),
    ("涉及的行政诉讼数为0件。", {"suit_total": 0}),
    ("政府信息公开行政复议、行政诉讼各1件。", {"review_total": 1, "suit_total": 1}),
    (
        "2022年全区收到有关政府信息公开的信函申请1条，已受理回复；未收到有关政府信息公开行政复议的申请。",
        {"review_total": 0},
    ),
    ("全年零投诉、零复议、零诉讼。", {"complaints": 0, "review_total": 0, "suit_total": 0}),
    ("本年度我中心未发生举报投诉事项。", {"complaints": 0}),
    ("全年未收到任何关于政府信息公开的投诉举报。", {"complaints": 0}),
    ("举报投诉数量0件。", {"complaints": 0}),
    ("收到政府信息公开举报投诉2件。", {"complaints": 2}),
    ("没有发生行政复议、行政诉讼和举报投诉情况。", {"review_total": 0, "suit_total": 0, "complaints": 0}),
    ("无因信息公开申请行政复议、提起行政诉讼的情况。", {"review_total": 0, "suit_total": 0}),
    ("全年没有因政府信息公开工作被申请行政复议或提起行政诉讼。", {"review_total": 0, "suit_total": 0}),
    ("收到行政复议2件、行政诉讼1件，均为政府信息公开类。", {"review_total": 2, "suit_total": 1}),
    # offices and staff
    (
        (
            "机构建设情况:本年度我中心设政府信息公开工作专门机构数1个,从事政府信息公开工作人员数2人,其"
            "中,专职人员数1人,兼职人员数1人。"
        ),
        {"dedicated_offices": 1, "staff": 2, "staff_full_time": 1, "staff_part_time": 1},
    ),
    ("政务公开工作配备专职人员2名、兼职人员3名。", {"staff_full_time": 2, "staff_part_time": 3}),
    ("明确一名专职人员，负责政府信息公开工作。", {"staff_full_time": 1}),
    ("现有政务公开工作人员3人，其中专职1人，兼职2人。", {"staff": 3, "staff_full_time": 1, "staff_part_time": 2}),
    # fees
    ("今年中心不存在政府信息公开信息处理费收取情况。", {"processing_fee_yuan": 0}),
    ("2022年，无收取信息处理费情况。", {"processing_fee_yuan": 0}),
    ("2022年度，县发展和改革局政府信息公开未发生收费情况。", {"processing_fee_yuan": 0}),
    ("2022 年，市科委未发生政府信息公开收费事项。", {"processing_fee_yuan": 0}),
    ("本年度未收取政府信息公开信息处理费。", {"processing_fee_yuan": 0}),
    ("信息处理费收取情况为无。", {"processing_fee_yuan": 0}),
    ("2022年收取信息处理费3940元。", {"processing_fee_yuan": 3940}),
    ("2022年共收取政府信息公开信息处理费0.38万元。", {"processing_fee_yuan": 3800}),
    ("全年信息处理费收取金额为400元。", {"processing_fee_yuan": 400}),
    (
        "依据《政府信息公开信息处理费管理办法》，2022年发出收费通知0件，总金额0元，实际收取总金额0元。",
        {"processing_fee_yuan": 0},
    ),
    ("依据《政府信息公开信息处理费管理办法》，本机关未收取信息处理费。", {"processing_fee_yuan": 0}),
    ("收取信息处理费2件，共计380元。", {"processing_fee_yuan": 380}),
    ("2022年度我局依申请公开未收取任何费用。", {"processing_fee_yuan": 0}),
    ("2022年政府信息公开工作未收费。", {"processing_fee_yuan": 0}),
    ("本年度收取信息处理费情况：无。", {"processing_fee_yuan": 0}),
    ("本机关2022年度收取信息处理费总金额为0元。", {"processing_fee_yuan": 0}),
    ("2022年，未发生收取政府信息公开信息处理费的情况。", {"processing_fee_yuan": 0}),
    # in other words
    ("2022年共收政府信息公开申请464件。", {"requests_received": 464}),
    ("截至2022年底，2022年累计主动公开政府信息300条。", {"proactive_total": 300}),
    ("没有接到群众主动要求公开政府信息的申请。", {"requests_received": 0}),
    ("全年未收到过公开申请。", {"requests_received": 0}),
    ("未收到个人、法人或者其他组织向本机关申请公开政府信息。", {"requests_received": 0}),
    ("共收到来自公民、法人或者其他组织对依申请公开政府信息的申请2件。", {"requests_received": 2}),
    ("因政府信息公开申请被行政复议案件共0件。", {"review_total": 0}),
    ("今年来主动公开的信息数共有164条。", {"proactive_total": 164}),
    ("共办理回复依申请公开事项23件，均已按时答复。", {"concluded": 23}),
    ("（二）依申请公开情况\n年内共办结182件，结转下年度继续办理3件。", {"concluded": 182, "carried_forward": 3}),
]

NOT_STATED = [
    "本委到2022年底累计主动公开政府信息523条。",
    "全年受理行政许可申请300件，办结290件，结转下年度10件。",
    "行政复议新收5件，上年结转3件。",
    "（二）依申请公开情况\n完成工程验收申请5件，收养申请3件，收集意见建议12件。",
    "共审结行政复议12件，结转下年度3次会议研究。",
    "今年来无责任追究情况。",
    "（一）主动公开政府信息情况\n全年办理行政复议案件35件。",
    "（一）主动公开政府信息情况\n行政复议案件35件。",
    "截至2022年12月31日，累计公开政府信息1200条。",
    "申请人申请的信息因第三方没有同意公开而未予以公开。",
    "未对政府信息公开申请作出答复。",
    "市本级主动公开政府信息300条。",
    "区县主动公开政府信息200条。",
    "政府网站公开政府信息数185条。",
    "收到依申请公开转办的人大建议3件，办结3件。",
    "行政复议、信访3件，均与政府信息公开有关。",
    "2021年收到政府信息公开申请3件，2022年未受理。",
    "未发生政府信息公开行政复议败诉、行政诉讼败诉情况。",
    "公开政府信息要求不高，主动公开 10 037 条。",
    "目前，区县已入驻审批服务部门和单位13个，开设窗口26个，共受理申请121510件。",
    "2021年，我局收到政府信息公开申请5件。",
    "去年共收到政府信息公开申请5件。",
    "2023年，我局将主动公开政府信息500条以上。",
    "较上年增加12件。",
    "收到政府信息公开申请比上年增加12件。",
    "无正当理由大量反复申请。",
    "其中，区住房和城乡建设局收到政府信息公开申请17件。",
    "通过微信公众号主动公开政府信息120条。",
    "“上海科技”网站全年累计发布信息2139条，其中动态类信息发布1744条，政务信息发布393条。",
    "微信公众号41个，共发布信息3404条。",
    "共公开51条疫情防控相关信息。",
    "全年受理网络问政182件。",
    "截至目前共收到15564件咨询投诉件，已办结15042件。",
    "收到群众诉求348件，现场解决162件，办结率100%。",
    "全年办理行政复议案件35件，审结30件。",
    "未发生败诉的行政诉讼案件。",
    "没有逾期答复的政府信息公开申请。",
    "未发生被纠错的行政复议案件。",
    "行政复议、行政诉讼共3件，均与政府信息公开有关。",
    "予以公开及部分公开258件，占33.9%；政府信息公开申请均按时答复。",
    "申请答复率100%，按时办结率100%。",
    "在主动公开的61条政府信息中，财政预决算7条。",
    "主动公开政府信息1000余条。",
    "主动公开政府信息近千条。",
    "收到政府信息公开申请数十件。",
    "近三年共收到政府信息公开申请66件。",
    "我局2020年、2021年、2022年分别收到政府信息公开申请5件、8件、11件。",
    "2022年3月15日，收到政府信息公开申请1件。",
    "收到行政复议申请23件，其中政府信息公开类4件。",
    "办理涉及政府信息公开的行政复议案件5件。",
    "各镇（街道）收到政府信息公开申请88件。",
    "各县（市、区）收取信息处理费2300元。",
    "依申请公开公文审核中，认定不予公开120件。",
    "2021年结转的1件政府信息公开行政复议案件已审结。",
    "属于已主动公开范围3件。",
    "下一步，计划组织培训3次，做到零投诉、零复议、零诉讼。",
    "收到政府信息公开建议6件；办理行政诉讼5件。",
    "清理历史文件321件，其中主动公开120件、不予公开171件。",
    "梳理公开事项1100项，其中主动公开900项。",
    "建立村务公开栏156个，公开信息2300条。",
    "上半年主动公开政府信息50条。",
    "各科室配备政府信息公开兼职人员1名。",
    "自2008年以来，累计主动公开政府信息8000条。",
    "如未收到政府信息公开申请，也应按要求报告。",
    "行政机关收到政府信息公开申请，能够当场答复的，应当当场予以答复。",
    "三、本年度办理结果（一）予以公开",
    "免收信息处理费3件。",
    "配备专职消防员12名。",
    "信息公开申请表1份。",
    "全文电子化的主动公开信息数共61条。",
    "第3条 主动公开。",
    "制定政府信息公开制度3项。",
    "办理人大建议50件、政协提案85件。",
    "解决群众投诉举报问题230件。",
    "答复20件，属已经主动公开5件。",
    "其中，信息已主动公开的5件。",
    "本年度共制发公文100件，其中不予公开20件。",
    "收到248条网民留言，办结留言230条，公开答复4条。",
    "收到网民留言248条；公开答复4条。",
    "公开答复4条。",
    "清理历史文件321件；其中予以公开100件、不予公开171件。",
    "学校新建食堂。为此，配备了5名兼职人员。",
    "全年未发生失泄密事件。",
]


@pytest.mark.parametrize(("sentence", "expected"), STATED, ids=[sentence[:24] for sentence, _ in STATED])
def test_what_a_sentence_states(sentence: str, expected: dict[str, int | float]) -> None:
    figures = read_figures(sentence, (), year=2022)
    assert {figure.indicator: figure.value for figure in figures} == expected
    for figure in figures:
        assert sentence[figure.start : figure.end] == figure.text


CONTEXT = [
    ("（二）依申请公开情况\n全年共收到申请5件。", {"requests_received": 5}),
    ("四、政府信息公开行政复议、行政诉讼情况\n行政复议案件2件。", {"review_total": 2}),
    (
        (
            "2022年主动公开政府信息61条。\n在信息公开专栏中，2022年主动公开政府信息62条。\n2022年，未"
            "收到政府信息公开申请。"
        ),
        {"requests_received": 0},
    ),
    ("全年公开信息20条。\n2022年主动公开政府信息61条。", {"proactive_total": 61}),
]


@pytest.mark.parametrize(("text", "expected"), CONTEXT)
def test_headings_conflicts_and_weak_readings(text: str, expected: dict[str, int]) -> None:
    assert {figure.indicator: figure.value for figure in read_figures(text, (), year=2022)} == expected


OF_OTHERS = [
    ("2022年全市主动公开政府信息12万条。", "示例市财政局"),
    ("各级行政机关收到政府信息公开申请1523件。", "示例市财政局"),
    ("市水利局收到政府信息公开申请5件。", "示例市财政局"),
]


@pytest.mark.parametrize(("sentence", "org"), OF_OTHERS)
def test_the_figures_of_others(sentence: str, org: str) -> None:
    assert read_figures(sentence, (), year=2022, org=org) == ()
    assert len(read_figures(sentence, (), year=2022, org="示例市水利局及示例市政府")) == 1


@pytest.mark.parametrize("org", ["示例市示例区人民政府", "示例开发区管委会", "示例新区管理委员会", "示例区政府办公室"])
def test_the_whole_division_speaks_for_its_government(org: str) -> None:
    assert [figure.value for figure in read_figures("2022年全区主动公开政府信息260条。", (), year=2022, org=org)] == [260]


def test_a_word_for_a_part_may_be_in_the_organ_s_own_name() -> None:
    sentence = "城关派出所收到政府信息公开申请2件。"
    assert read_figures(sentence, (), year=2022, org="示例市公安局") == ()
    assert [figure.value for figure in read_figures(sentence, (), year=2022, org="示例市公安局城关派出所")] == [2]


@pytest.mark.parametrize("sentence", NOT_STATED, ids=[sentence[:24] for sentence in NOT_STATED])
def test_what_a_sentence_does_not_state(sentence: str) -> None:
    assert read_figures(sentence, (), year=2022) == ()
