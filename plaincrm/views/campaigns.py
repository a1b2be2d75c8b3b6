"""Campaigns on the screen: the list, the dry run, and the results."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import changed
from plaincrm.crm.campaign_audience import AudienceMember, CampaignAudience
from plaincrm.crm.campaign_results import CampaignResults
from plaincrm.marketing.campaigns import CONTROL, USUAL_REPLIES, VariantResult, planned
from plaincrm.views import numbers
from plaincrm.views.json_text import Json
from plaincrm.views.rows import ListColumn, Rows, text_columns

MEMBER_COLUMNS = ("status", "variant", "contact", "to", "subject", "reason")
RESULT_COLUMNS = (
    "variant",
    "template",
    "audience",
    "written",
    "sent",
    "returned",
    "replied",
    "rate",
    "unsubscribed",
    "meetings",
    "won",
    "revenue",
)
_TEXTS = ("variant", "template")
_SPARE = ("template", "audience", "written", "meetings")


def member_rows(members: Sequence[AudienceMember]) -> Rows:
    """A row a person of the audience: which mail they get, or why none."""
    return Rows(
        "campaign",
        len(members),
        members,
        _member_columns(),
        _member_json,
        lambda each: each.recipient.contact.ref,
        lambda each: each.recipient.contact.path,
    )


def _member_columns() -> list[ListColumn]:
    """Where it is narrow, the reason stands where the subject of a mail would be."""
    whole = ("status", "variant", "to")
    columns = text_columns(MEMBER_COLUMNS, _member_cells, whole=whole, spare=("variant", "reason"))
    place = MEMBER_COLUMNS.index("subject")
    subject = changed(columns[place], short=lambda each: each.reason or columns[place].text(each))
    return [*columns[:place], subject, *columns[place + 1 :]]


def _member_cells(each: AudienceMember) -> list[str]:
    contact, letter = each.recipient.contact, each.letter
    subject = letter.rendered.subject if letter and letter.rendered else ""
    to = letter.address if letter else ""
    variant = each.variant.name if each.variant else ""
    return [each.status, variant, contact.id if contact else "", to, subject, each.reason]


def _member_json(each: AudienceMember) -> Json:
    contact, letter = each.recipient.contact, each.letter
    return {
        "contact": contact.id if contact else None,
        "variant": each.variant.name if each.variant else None,
        "to": str(letter.to) if letter and letter.address else None,
        "subject": letter.rendered.subject if letter and letter.rendered else None,
        "status": each.status,
        "reason": each.reason or None,
        "path": (letter.path or None) if letter else None,
    }


def plan(audience: CampaignAudience) -> list[str]:
    """How many get which variant, and what difference of replies these sizes can show."""
    sizes = audience.sizes()
    parts = [
        f"{counted(size, 'mail')} of {name}" for name, size in sizes.items() if name != CONTROL
    ]
    if sizes[CONTROL]:
        parts.append(f"{sizes[CONTROL]} held back")
    said = [", ".join(parts)]
    tried = [size for name, size in sizes.items() if name != CONTROL]
    if len(tried) == 2:
        said.append(_visible(tried))
    return said


def _visible(sizes: Sequence[int]) -> str:
    gap = planned(sizes)
    share = f"{USUAL_REPLIES:.0%}"
    if gap is None:
        return "so few people can't show any difference between the variants"
    rise = f"{share} and {USUAL_REPLIES + gap:.1%}"
    return f"so many people show a difference as large as that between {rise} of replies, or larger"


def result_rows(found: CampaignResults) -> Rows:
    """A row a variant, and one for the control group; `foot` says what it all came to."""
    rows = [each for each in found.results]
    right = tuple(name for name in RESULT_COLUMNS if name not in _TEXTS)
    return Rows(
        "campaign results",
        len(rows),
        rows,
        text_columns(RESULT_COLUMNS, _result_cells, right, ("variant", "rate"), _SPARE),
        _result_json,
        None,
        None,
        more={
            "campaign": found.campaign.id,
            "all": _result_json(found.whole),
            "cost": _money(found.cost),
            "roi": float(found.roi) if found.roi is not None else None,
            "difference": _difference_json(found),
            "visits": _visits(found),
        },
    )


def _result_cells(each: VariantResult) -> list[str]:
    figures = (each.audience, each.written, each.sent, each.bounced, each.replied)
    rest = (each.unsubscribed, each.meetings, each.won)
    money = numbers.sums(each.revenue) if each.revenue else numbers.NONE
    return [
        each.name,
        each.template,
        *map(str, figures),
        numbers.rate(each.rate, each.delivered),
        *map(str, rest),
        money,
    ]


def _result_json(each: VariantResult) -> Json:
    rate = each.rate
    return {
        "variant": each.name,
        "template": each.template or None,
        "audience": each.audience,
        "control": each.control,
        "written": each.written,
        "sent": each.sent,
        "bounced": each.bounced,
        "softBounced": each.soft,
        "outOfOffice": each.away,
        "delivered": each.delivered,
        "replied": each.replied,
        "unsubscribed": each.unsubscribed,
        "meetings": each.meetings,
        "won": each.won,
        "revenue": _money(each.revenue),
        "rate": {
            "value": rate.value if rate else None,
            "n": each.delivered,
            "low": rate.low if rate else None,
            "high": rate.high if rate else None,
        },
    }


def _visits(found: CampaignResults) -> int | None:
    """The visits by its links, where somebody noted them."""
    value = found.campaign.value("visits")
    return int(value) if isinstance(value, Decimal) else None


def _money(sums: object) -> dict[str, float]:
    assert isinstance(sums, dict)
    return {unit: float(amount) for unit, amount in sums.items()}


def _difference_json(found: CampaignResults) -> Json:
    gap = found.difference
    if gap is None:
        return None
    return {
        "value": gap.interval.value,
        "low": gap.interval.low,
        "high": gap.interval.high,
        "winner": gap.winner or None,
    }


def verdict(found: CampaignResults) -> list[str]:
    """What it came to, in lines: the whole, the return, and whether a variant is better."""
    whole = found.whole
    came = f"{whole.sent} sent, {whole.bounced} returned, {whole.replied} replied"
    won = (
        f"{whole.won} won ({numbers.sums(whole.revenue)})" if whole.revenue else f"{whole.won} won"
    )
    said = [f"{came}, {whole.unsubscribed} unsubscribed, {won}"]
    if whole.soft or whole.away:
        said.append(f"{whole.soft} returned for now, {whole.away} answered by a machine")
    if (visits := _visits(found)) is not None:
        said.append(f"{visits} visits by its links")
    if found.cost:
        roi = f"; return {_percent(found.roi)}" if found.roi is not None else ""
        said.append(f"it cost {numbers.sums(found.cost)}{roi}")
    gap = found.difference
    if gap is not None:
        width = f"{gap.interval.low:+.1%} to {gap.interval.high:+.1%}"
        names = f"{gap.first} less {gap.second}: {gap.interval.value:+.1%} ({width})"
        better = f"{gap.winner} is better" if gap.winner else "so neither is better for sure"
        said.append(f"{names}, {better}")
    return said


def _percent(share: Decimal | None) -> str:
    return numbers.NONE if share is None else f"{share:.0%}"
