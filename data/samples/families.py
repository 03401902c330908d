"""The addresses and list pages of the sample sites: what Hanweb and TRS publishing systems answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template
from urllib.parse import quote

from data.samples.content import Entry, SampleReport, SampleSite
from data.samples.render import article, template

ROBOTS = "User-agent: *\nDisallow: /search/\nCrawl-delay: 0.05\n"
PER_SCREEN = 3  # records a screen of a Hanweb list; a group is three screens
PER_PAGE = 8  # entries a page of a TRS list
PROXY = "/module/web/jpage/dataproxy.jsp"
HANWEB_COLUMN = "/col/col1229001/index.html"
TRS_COLUMN = "/zwgk/zfxxgknb/"
ARCHIVE = b"Rar!\x1a\x07\x01\x00" + bytes(248)  # a packed attachment that no program here can open


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path is answered with."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200
    headers: Mapping[str, str] | None = None


def start_path(site: SampleSite) -> str:
    """Where a crawl of the site begins."""
    return HANWEB_COLUMN if site.family == "hanweb" else TRS_COLUMN


def answers(site: SampleSite) -> dict[str, Answer]:
    """Path -> answer for everything on the site that is a plain page."""
    pages = {"/robots.txt": Answer(ROBOTS.encode(), "text/plain")}
    if site.family == "blocked":
        return pages
    encoding, kind = ("utf-8", "text/html;charset=UTF-8") if site.family == "hanweb" else ("gbk", "text/html")
    for path, entry in addresses(site):
        pages[path] = _answer(site, entry, path, encoding, kind)
    if site.family == "hanweb":
        pages[HANWEB_COLUMN] = Answer(hanweb_column(site).encode(), kind)
        for report in site.reports:
            if report.form == "attachment":
                pages[f"/attach/{report.year}/report.rar"] = Answer(ARCHIVE, "application/octet-stream")
    else:
        lists = {f"{TRS_COLUMN}{name}": Answer(html.encode(encoding), kind) for name, html in trs_column(site)}
        pages |= lists | {TRS_COLUMN: lists[f"{TRS_COLUMN}index.html"]}
    return pages


def challenge() -> Answer:
    """A bot challenge as 加速乐 sends it (HTTP 521)."""
    headers = {"Server": "jiasule-waf", "Set-Cookie": "__jsluid_s=sample; path=/; HttpOnly"}
    return Answer(template("blocked.html").encode(), status=521, headers=headers)


def _answer(site: SampleSite, entry: SampleReport | Entry, path: str, encoding: str, kind: str) -> Answer:
    if isinstance(entry, Entry) and entry.kind == "blocked":
        return challenge()
    if isinstance(entry, Entry) and entry.kind == "soft_404":
        return Answer(template("soft404.html").encode(), kind)
    return Answer(article(site, entry, path).encode(encoding), kind)


def addresses(site: SampleSite) -> Iterator[tuple[str, SampleReport | Entry]]:
    """Path and entry, newest first."""
    for i, entry in enumerate(site.listed):
        day, number = entry.published, 58000 + len(site.listed) - i
        if site.family == "hanweb":
            yield f"/art/{day.year}/{day.month}/{day.day}/art_1229001_{number}.html", entry
        else:
            yield f"{TRS_COLUMN}{day:%Y%m}/t{day:%Y%m%d}_{number}.html", entry


def records(site: SampleSite) -> list[str]:
    """The entries of a Hanweb list as the records of its datastore."""
    line = '<record><![CDATA[<li><a href="{}" title="{}" target="_blank">{}</a><span>{}</span></li>]]></record>'
    return [line.format(path, e.title, e.title, e.published) for path, e in addresses(site)]


def datastore(site: SampleSite, start: int, end: int, answer: bool) -> str:
    """Records ``start`` to ``end`` (from 1) as XML; ``answer``: as the proxy sends them.

    From the third group on the proxy adds the record that follows, which the next group brings again.
    """
    every = records(site)
    ahead = 1 if answer and start > 2 * 3 * PER_SCREEN else 0
    query = f"page=1&webid=1&path=/&columnid=1229001&unitid=5650&webname={quote(quote(site.name))}&permissiontype=0"
    group = f'<nextgroup><![CDATA[<a href="{PROXY}?{query}"></a>]]></nextgroup>'
    pages = -(-len(every) // PER_SCREEN)
    totals = f"<totalrecord>{len(every)}</totalrecord><totalpage>{pages}</totalpage>" if answer else ""
    recordset = "\n".join(every[start - 1 : end + ahead])
    return f"<datastore>\n{group}{totals}\n<recordset>\n{recordset}\n</recordset>\n</datastore>"


def hanweb_column(site: SampleSite) -> str:
    """The list page with its first group inside."""
    return Template(template("hanweb_column.html")).substitute(
        site=site.name,
        total=len(site.listed),
        per_page=PER_SCREEN,
        datastore=datastore(site, 1, 3 * PER_SCREEN, answer=False),
    )


def trs_column(site: SampleSite) -> Iterator[tuple[str, str]]:
    """Name and text of each page of the list: index.html, index_1.html, ..."""
    listed = list(addresses(site))
    count = -(-len(listed) // PER_PAGE)
    for n in range(count):
        lines = [
            f'<li><a href="./{path.removeprefix(TRS_COLUMN)}">{entry.title}</a><span>{entry.published}</span></li>'
            for path, entry in listed[n * PER_PAGE : (n + 1) * PER_PAGE]
        ]
        name = f"index_{n}.html" if n else "index.html"
        values = {"site": site.name, "entries": "\n".join(lines), "count": count, "current": n}
        yield name, Template(template("trs_column.html")).substitute(values)
