"""The official forms as the generator declares them, written from the notices, not from the program under test."""

from __future__ import annotations

APPLICANTS = {
    "natural_person": "自然人",
    "business": "商业企业",
    "research": "科研机构",
    "nonprofit": "社会公益组织",
    "legal_service": "法律服务机构",
    "other_org": "其他",
    "total": "总计",
}
RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULT = "三、本年度办理结果"

_REFUSED = {
    "state_secret": "1.属于国家秘密",
    "law_prohibited": "2.其他法律行政法规禁止公开",
    "safety_stability": "3.危及“三安全一稳定”",
    "third_party": "4.保护第三方合法权益",
    "internal_affairs": "5.属于三类内部事务信息",
    "deliberative": "6.属于四类过程性信息",
    "enforcement_file": "7.属于行政执法案卷",
    "admin_inquiry": "8.属于行政查询事项",
}
_UNAVAILABLE = {
    "not_held": "1.本机关不掌握相关政府信息",
    "needs_creation": "2.没有现成信息需要另行制作",
    "unclear": "3.补正后申请内容仍不明确",
}
_NOT_PROCESSED = {
    "petition": "1.信访举报投诉类申请",
    "repeat": "2.重复申请",
    "publication": "3.要求提供公开出版物",
    "excessive": "4.无正当理由大量反复申请",
    "reissue": "5.要求行政机关确认或重新出具已获取信息",
}
_OTHER = {
    "no_correction": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "fee_unpaid": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "misc": "3.其他",
}


def application_rows(one_other_row: bool) -> dict[str, tuple[str, ...]]:
    """Indicator -> label path of table 三, in order."""
    rows: dict[str, tuple[str, ...]] = {
        "new_requests": ("一、本年新收政府信息公开申请数量",),
        "carried_over": ("二、上年结转政府信息公开申请数量",),
        "disclosed": (RESULT, "（一）予以公开"),
        "partially_disclosed": (RESULT, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    }
    rows |= {f"refused_{k}": (RESULT, "（三）不予公开", v) for k, v in _REFUSED.items()}
    rows |= {f"unavailable_{k}": (RESULT, "（四）无法提供", v) for k, v in _UNAVAILABLE.items()}
    rows |= {f"not_processed_{k}": (RESULT, "（五）不予处理", v) for k, v in _NOT_PROCESSED.items()}
    if one_other_row:
        rows["other_handled"] = (RESULT, "（六）其他处理")
    else:
        rows |= {f"other_{k}": (RESULT, "（六）其他处理", v) for k, v in _OTHER.items()}
    rows["concluded"] = (RESULT, "（七）总计")
    rows["carried_forward"] = ("四、结转下年度继续办理",)
    return rows


DISPUTES = {"review": "行政复议", "suit_direct": "未经复议直接起诉", "suit_after_review": "复议后起诉"}
OUTCOMES = {"upheld": "结果维持", "overturned": "结果纠正", "other": "其他结果", "pending": "尚未审结", "total": "总计"}

# Table 二: article -> (column labels, {row label: indicators}); money is told by its indicator.
Article = tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]
_ITEMS = ("上一年项目数量", "本年增/减", "处理决定数量")


def _items(stem: str) -> tuple[str, str, str]:
    return (f"{stem}_items_prior", f"{stem}_items_change", f"{stem}_decisions")


PROACTIVE: dict[str, list[Article]] = {
    "2021": [
        (
            "第二十条第（一）项",
            ("本年制发件数", "本年废止件数", "现行有效件数"),
            {
                "规章": ("rules_issued", "rules_repealed", "rules_in_force"),
                "行政规范性文件": ("normative_docs_issued", "normative_docs_repealed", "normative_docs_in_force"),
            },
        ),
        ("第二十条第（五）项", ("本年处理决定数量",), {"行政许可": ("licensing_decisions",)}),
        (
            "第二十条第（六）项",
            ("本年处理决定数量",),
            {"行政处罚": ("penalty_decisions",), "行政强制": ("coercion_decisions",)},
        ),
        ("第二十条第（八）项", ("本年收费金额（单位：万元）",), {"行政事业性收费": ("admin_fees_wan_yuan",)}),
    ],
    "2019": [
        (
            "第二十条第（一）项",
            ("本年新制作数量", "本年新公开数量", "对外公开总数量"),
            {
                "规章": ("rules_newly_made", "rules_newly_disclosed", "rules_disclosed_total"),
                "规范性文件": (
                    "normative_docs_newly_made",
                    "normative_docs_newly_disclosed",
                    "normative_docs_disclosed_total",
                ),
            },
        ),
        (
            "第二十条第（五）项",
            _ITEMS,
            {"行政许可": _items("licensing"), "其他对外管理服务事项": _items("other_services")},
        ),
        ("第二十条第（六）项", _ITEMS, {"行政处罚": _items("penalty"), "行政强制": _items("coercion")}),
        ("第二十条第（八）项", _ITEMS[:2], {"行政事业性收费": ("fee_items_prior", "fee_items_change")}),
        (
            "第二十条第（九）项",
            ("采购项目数量", "采购总金额"),
            {"政府集中采购": ("procurement_projects", "procurement_amount_yuan")},
        ),
    ],
}
MONEY = {"admin_fees_wan_yuan": "万元", "procurement_amount_yuan": "元"}
