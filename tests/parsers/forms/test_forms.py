"""The official forms as data: complete, named as the domain names them, and open to a generation nobody has seen."""

from __future__ import annotations

from itertools import product

import pytest

from parsers.annual.tables import plan_form
from parsers.document import Table, TableCell
from parsers.forms import FormError, form_from_toml, load_forms
from parsers.forms.vocabulary import Vocabulary
from parsers.proof.identities import build_arithmetic, judge

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org", "total")
REFUSED = """state_secret law_prohibited safety_stability third_party internal_affairs deliberative
    enforcement_file admin_inquiry"""
ROWS_BEFORE_OTHER = [
    *("new_requests", "carried_over", "disclosed", "partially_disclosed"),
    *(f"refused_{reason}" for reason in REFUSED.split()),
    *(f"unavailable_{reason}" for reason in ("not_held", "needs_creation", "unclear")),
    *(f"not_processed_{reason}" for reason in ("petition", "repeat", "publication", "excessive", "reissue")),
]
OTHER = {"2021": ["other_no_correction", "other_fee_unpaid", "other_misc"], "2019": ["other_handled"]}
DISPUTES = [
    f"{way}_{outcome}"
    for way in ("review", "suit_direct", "suit_after_review")
    for outcome in ("upheld", "overturned", "other", "pending", "total")
]
PROACTIVE = {
    "2021": """rules_issued rules_repealed rules_in_force normative_docs_issued normative_docs_repealed
        normative_docs_in_force licensing_decisions penalty_decisions coercion_decisions admin_fees_wan_yuan""",
    "2019": """rules_newly_made rules_newly_disclosed rules_disclosed_total normative_docs_newly_made
        normative_docs_newly_disclosed normative_docs_disclosed_total licensing_items_prior licensing_items_change
        licensing_decisions other_services_items_prior other_services_items_change other_services_decisions
        penalty_items_prior penalty_items_change penalty_decisions coercion_items_prior coercion_items_change
        coercion_decisions fee_items_prior fee_items_change procurement_projects procurement_amount_yuan""",
}
STATISTICS = {
    "2014": """proactive_total normative_docs_disclosed normative_docs_made via_gazette via_website via_weibo via_wechat
        via_other hot_topics_answered press_conferences press_conferences_by_head online_interviews
        online_interviews_by_head policy_explainers weibo_wechat_responses other_responses requests_received
        received_in_person received_fax received_online received_letter requests_completed completed_on_time
        completed_extended replies_total reply_already_public reply_disclosed reply_partially_disclosed reply_refused
        refused_state_secret refused_trade_secret refused_privacy refused_safety_stability refused_not_gov_info
        refused_other_law reply_not_this_organ reply_nonexistent reply_amend reply_other_channel review_total
        review_upheld review_overturned review_other suit_total suit_upheld suit_overturned suit_other complaints
        request_fees_wan_yuan dedicated_offices reading_points staff staff_full_time staff_part_time budget_wan_yuan
        meetings trainings trainees""",
    "pre2014": """proactive_total proactive_full_text normative_docs_new service_items column_visits visitors_received
        online_inquiries phone_inquiries on_request_catalogue requests_received received_in_person received_fax
        received_email received_online received_letter received_other replies_total reply_disclosed
        reply_partially_disclosed reply_refused refused_not_gov_info reply_nonexistent reply_not_this_organ
        reply_unclear refused_state_secret refused_trade_secret refused_privacy refused_deliberative
        refused_enforcement refused_other_law refused_other review_total suit_total appeals_total
        appeals_first_handling fees_yuan fees_proactive_yuan fees_on_request_yuan staff staff_full_time
        staff_part_time budget_wan_yuan spending_wan_yuan litigation_cost_wan_yuan""",
}


def names(form: str, table: str) -> list[str]:
    """Indicators of a table in printed order, each once."""
    found = load_forms()[form].table(table)
    assert found is not None
    return list(dict.fromkeys(cell[0] for cell in found.cells()))


def test_the_four_generations_are_there_newest_first() -> None:
    assert list(load_forms()) == ["2021", "2019", "2014", "pre2014"]


def test_each_year_since_2005_has_one_form_in_force() -> None:
    for year in range(2005, 2030):
        assert sum(form.years[0] <= year <= form.years[1] for form in load_forms().values()) == 1


@pytest.mark.parametrize(
    ("form", "table", "cells"),
    [
        ("2021", "proactive", 10),
        ("2021", "applications", 25 * 7),
        ("2021", "disputes", 15),
        ("2019", "proactive", 22),
        ("2019", "applications", 23 * 7),
        ("2019", "disputes", 15),
    ],
)
def test_the_annual_forms_have_as_many_cells_as_the_circulars_print(form: str, table: str, cells: int) -> None:
    found = load_forms()[form].table(table)
    assert found is not None
    assert len(found.cells()) == len({cell[:3] for cell in found.cells()}) == cells


@pytest.mark.parametrize("form", ["2021", "2019"])
def test_rows_and_columns_of_the_annual_forms_in_their_order(form: str) -> None:
    rows = [*ROWS_BEFORE_OTHER, *OTHER[form], "concluded", "carried_forward"]
    table = load_forms()[form].table("applications")
    assert table is not None
    assert [cell[:2] for cell in table.cells()] == list(product(rows, APPLICANTS))
    assert names(form, "disputes") == DISPUTES
    assert names(form, "proactive") == PROACTIVE[form].split()


@pytest.mark.parametrize("form", ["2014", "pre2014"])
def test_rows_of_the_statistical_forms_in_their_order(form: str) -> None:
    assert names(form, "statistics") == STATISTICS[form].split()


def test_names_fit_stata() -> None:
    """At most 32 characters, with the suffix of an applicant in table 三."""
    for form in load_forms().values():
        for table in form.tables:
            for name, applicant, _, _ in table.cells():
                assert name.isidentifier()
                assert name == name.lower()
                assert len(name) + (4 if applicant else 0) <= 32, name


def test_every_cell_has_a_unit_but_the_amount_of_procurement() -> None:
    """采购总金额 has no printed unit; its column says so, and its name says in which unit it is kept."""
    units = {c[0]: c[3] for form in load_forms().values() for table in form.tables for c in table.cells()}
    assert all(units.values())
    assert units["admin_fees_wan_yuan"] == "万元"
    table = load_forms()["2019"].table("proactive")
    assert table is not None
    assert {c.labels[0] for b in table.blocks for c in b.columns if not c.unit_stated} == {"采购总金额"}


def test_money_names_say_the_unit_they_are_kept_in() -> None:
    for form in load_forms().values():
        for table in form.tables:
            for name, _, _, unit in table.cells():
                suffix = {"万元": "_wan_yuan", "元": "_yuan"}.get(unit or "")
                if suffix:
                    assert name.endswith(suffix)
                else:
                    assert not name.endswith("_yuan")


# ------------------------------------------------------------------ a generation that does not exist

INVENTED = """
id = "2031"
name_zh = "示例格式"
name_en = "Invented form"
basis = "示例文号"
years = [2031, 9999]
markers = ["本年数据接口数"]

[[tables]]
id = "applications"
section = 3

[[tables.blocks]]
unit = "件"
columns = [
  { applicant = "natural_person", labels = ["公民"], path = ["申请主体"] },
  { applicant = "other_org", labels = ["单位"], path = ["申请主体"] },
  { applicant = "total", labels = ["总计"], path = ["申请主体"] },
]
rows = [
  { indicator = "new_requests", labels = ["本年新收申请"] },
  { indicator = "granted", path = ["办理结果"], labels = ["准予提供"] },
  { indicator = "denied", path = ["办理结果"], labels = ["不予提供"] },
]

[[identities]]
check = "C-Z-01"
table = "applications"
left = ["new_requests"]
right = ["granted", "denied"]

[[identities]]
check = "C-Z-02"
table = "applications"
total_applicant = "total"
"""


def _table(*rows: str) -> Table:
    return Table("table[1]", tuple(tuple(TableCell(text.strip()) for text in row.split("|")) for row in rows))


def test_a_new_generation_is_a_new_file_and_nothing_else() -> None:
    form = form_from_toml(INVENTED, "2031.toml")
    printed = _table("项目||公民|单位|总计", "一、本年新收申请||7|2|9", "二、办理结果|（一）准予提供|6|2|8", "|（二）不予提供|1|0|1")
    plan = plan_form([printed], [""], Vocabulary(form))
    (candidate,) = plan.candidates["applications"]
    read = {(p.indicator, p.applicant): int(printed.rows[p.row][p.cell].text) for p in candidate.placements}
    assert read == {
        ("new_requests", "natural_person"): 7,
        ("new_requests", "other_org"): 2,
        ("new_requests", "total"): 9,
        ("granted", "natural_person"): 6,
        ("granted", "other_org"): 2,
        ("granted", "total"): 8,
        ("denied", "natural_person"): 1,
        ("denied", "other_org"): 0,
        ("denied", "total"): 1,
    }
    arith = build_arithmetic(form, "applications")
    values = [read[name, applicant or ""] for name, applicant, _ in arith.keys]
    assert judge(arith, values, ["reported"] * 9).verdict == "proved"
    assert judge(arith, [*values[:-1], 2], ["reported"] * 9).verdict == "contradicted"


def test_an_invented_form_does_not_read_the_tables_of_another() -> None:
    form = form_from_toml(INVENTED, "2031.toml")
    plan = plan_form([_table("索引号|发布机构", "1|2")], [""], Vocabulary(form))
    assert plan.candidates["applications"] == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "2031"', 'id = "2031', "2031.toml"),
        ('name_zh = "示例格式"\n', "", "name_zh"),
        ("years = [2031, 9999]", "years = [2031]", "2031.toml"),
        ("years = [2031, 9999]", 'years = ["then", 9999]', "then"),
        ('left = ["new_requests"]', 'left = ["new_request"]', "new_request"),
        ('check = "C-Z-02"\ntable = "applications"', 'check = "C-Z-02"\ntable = "disputes"', "disputes"),
        ('indicator = "granted", ', "", "准予提供"),
        ('indicator = "granted"', 'indicators = ["granted"]', "准予提供"),
        ('{ applicant = "total", labels', '{ applicant = "total", colour = "red", labels', "colour"),
        ('labels = ["公民"]', 'label = ["公民"]', "label"),
    ],
)
def test_a_faulty_form_file_is_refused_by_name_and_place(old: str, new: str, said: str) -> None:
    assert old in INVENTED
    with pytest.raises(FormError, match=said) as error:
        form_from_toml(INVENTED.replace(old, new), "2031.toml")
    assert "2031.toml" in str(error.value)
    assert "\n" not in str(error.value)
