"""From measurements to figures: medians, ratios, the JSON, the table, the document. Pure."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from tests.benchmarks.measuring import Run

GOAL: Final = 3.0
GUARD_GOAL: Final = 3.0
OPENING_GOAL: Final = 1.3
FLOOD_GOAL: Final = 2.0
ATTACHED_GOAL: Final = 1.2
WRITERS_GOAL: Final = 200  # ms
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def work_figures(
    title: str,
    cold: Sequence[Run],
    warm: Sequence[Run],
    rerun: Sequence[float],
    sql: Sequence[float],
) -> dict[str, Any]:
    """One work: medians in milliseconds, bytes and CPU a run; `floor_ms` is a rerun and the bare SQL."""
    taken = [run.ms for run in cold]
    floor = median(rerun) + median(sql)
    figures: dict[str, Any] = {
        "title": title,
        "ms": round(median(taken), 1),
        "min_ms": round(min(taken), 1),
        "max_ms": round(max(taken), 1),
        "floor_ms": round(floor, 1),
        "rerun_ms": round(median(rerun), 1),
        "sql_ms": round(median(sql), 1),
        "ratio": round(median(taken) / floor, 2),
        "warm_ms": round(median(run.ms for run in warm), 1) if warm else None,
        "answered_ms": round(median(run.answered for run in cold), 1),
        "bytes": round(median(run.received for run in cold)),
        "server_cpu_ms": round(sum(run.cpu_ms for run in cold) / len(cold), 1),
    }
    if len(cold[0].steps) > 1:
        figures["steps"] = {
            name: round(median(run.steps[name] for run in cold), 1) for name in cold[0].steps
        }
    return figures


def table(report: Mapping[str, Any]) -> str:
    """The works as a Markdown table."""
    lines = [
        "| | work, from click to painted | ms | floor ms | ratio | cached, ms | kB | server CPU ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, work in report["works"].items():
        warm = "–" if work["warm_ms"] is None else f"{work['warm_ms']:.0f}"
        lines.append(
            f"| {name} | {work['title']} | {work['ms']:.0f} | {work['floor_ms']:.0f} | "
            f"{work['ratio']:.1f} | {warm} | {work['bytes'] / 1000:.0f} | "
            f"{work['server_cpu_ms']:.0f} |"
        )
    return "\n".join(lines)


def section(report: Mapping[str, Any]) -> str:
    """What stands between the document's two marks: the table and what machine it was."""
    told = [
        f"Size {report['size']} ({report['rows']:,} rows), on {report['machine']}; medians of "
        f"{report['runs']} runs over data that changed just before. The floor is a trivial Streamlit "
        f"rerun in the same browser, and the bare SQL.",
        table(report),
    ]
    if report.get("opening"):
        told.append(_opening(report["opening"]))
    if report.get("attached"):
        told.append(_attached(report["works"], report["attached"]))
    if report.get("writers"):
        told.append(_writers(report["writers"]))
    if report.get("bulk"):
        told.append(_bulk(report["bulk"]))
    if report.get("guard"):
        told.append(_guard(report["guard"]))
    if report.get("reports"):
        told.append(_reports(report["reports"]))
    if report.get("capacity"):
        told.append(_capacity(report["capacity"]))
    if report.get("flood"):
        told.append(_flood(report["flood"]))
    return "\n\n".join(told)


def _opening(one: Mapping[str, Any]) -> str:
    return (
        f"W0, a class page of 30 × 20 opened by its link: {one['cold_ms']} ms in a fresh browser, where a bare "
        f"Streamlit page takes {one['bare_cold_ms']} ({one['cold_ratio']:.2f} times), and {one['warm_ms']} ms "
        f"with a warm cache, the bare page {one['bare_warm_ms']} ({one['warm_ratio']:.2f} times); at most "
        f"{OPENING_GOAL} times wanted."
    )


def _attached(works: Mapping[str, Any], attached: Mapping[str, Any]) -> str:
    told = ", ".join(
        f"{name} {one['ms']:.0f} ms ({one['ms'] / works[name]['ms']:.2f} times)"
        for name, one in attached.items()
    )
    return f"The same on an attached database, taken in turn: {told}; at most {ATTACHED_GOAL} times wanted."


def _writers(writers: Mapping[str, Mapping[str, float]]) -> str:
    told = "; ".join(
        f"{step} {one['median_ms']:.1f}, {one['p99_ms']:.0f}, {one['max_ms']:.0f} ms in {one['seconds']:.0f} s"
        for step, one in writers.items()
    )
    return (
        "A platform that upserts 200 rows a second waits (median, 99th percentile, longest; none over "
        f"{WRITERS_GOAL} ms wanted): {told}."
    )


def _guard(guard: Mapping[str, Any]) -> str:
    cohort, student = guard["reads"]["cohort"], guard["reads"]["student"]
    return (
        f"Row level security: a teacher reads {guard['students']} students' rows in "
        f"{cohort['with_ms']:.1f} ms, without any policy in {cohort['without_ms']:.1f} "
        f"({cohort['ratio']:.1f} times, at most {GUARD_GOAL:.0f} wanted), and one student's in "
        f"{student['with_ms']:.2f} ms, without in {student['without_ms']:.2f} ({student['ratio']:.1f} times); "
        f"a transaction that only says for whom it is takes {guard['empty_transaction_ms']:.1f} ms."
    )


def _bulk(bulk: Mapping[str, Any]) -> str:
    return (
        f"{bulk['rows']:,} rows in one batch: saved in {bulk['save_ms']:,.0f} ms, undone in "
        f"{bulk['undo_ms']:,.0f} ms (without the page)."
    )


def _reports(made: Mapping[str, Any]) -> str:
    return (
        f"Reports with {made['modules']} modules a student: one in {made['student_ms']:,.0f} ms, a class of "
        f"{made['class']} as one PDF in {made['class_ms']:,.0f} ms and as a ZIP in "
        f"{made['class_zip_ms']:,.0f} ms, {made['cohort']} students as a ZIP in "
        f"{made['cohort_zip_ms'] / 1000:,.0f} s; the program that sets them took at most "
        f"{made['setting_mb']:,} MB (without the page)."
    )


def _capacity(capacity: Mapping[str, Any]) -> str:
    tried = ", ".join(f"{one['sessions']}: {one['p95_ms']}" for one in capacity["tried"])
    return (
        f"Capacity: {capacity['sessions']} sessions that each change a filter every "
        f"{capacity['every_seconds']:.0f} s are answered with a p95 of {capacity['p95_ms']} ms (sessions: p95 "
        f"in ms: {tried}), at {capacity['megabytes_a_session']} MB of the server's memory a session."
    )


def _flood(flood: Mapping[str, Any]) -> str:
    return (
        f"While one person sends {flood['sent']:,} reruns in {flood['seconds']:.0f} s, another's click is "
        f"answered in {flood['flood_ms']:.0f} ms, at rest in {flood['rest_ms']:.0f}; a trivial rerun of "
        f"another server took {flood['floor_flood_ms']:.0f} and {flood['floor_rest_ms']:.0f} "
        f"(so {flood['ratio']:.1f} times, at most {FLOOD_GOAL:.0f} wanted)."
    )


def rewritten(document: str, report: Mapping[str, Any]) -> str:
    """The document with new figures between its marks. Raises ValueError where they are not there."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The document has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n{section(report)}\n{END}{after}"
