# SPDX-License-Identifier: Apache-2.0
"""The goals of the product, what was found, and why where a goal was missed."""

from .cost import ratio
from .soak import core_share, missed
from .spread import table

#: What libcurl leaves: its share of a keepalive is what `its HTTP client alone` shows.
LIBCURL = (
    "the HTTP client alone (libcurl) takes most of a keepalive. What would change it: HTTP/1.1 of our own on sockets "
    "that libcurl only connects (CURLOPT_CONNECT_ONLY), behind the seam that Transfer is"
)
GZIP = "gzip is most of what telemetry takes. What would change it: a faster deflate, or fewer sampled keepalives"

BUSY = "nothing but a machine that has something else to do is known to cause this: run it again on an idle one"


def rows(found: dict) -> list[dict]:
    """Each goal whose section was measured: measure, must, aim, value, whether both are met, and why not."""
    result = []

    def goal(measure, must, aim, value, text, remark="", most=False):
        def met(limit):
            return value <= limit if most else value >= limit

        sign = "≤" if most else "≥"
        result.append(
            {
                "measure": measure,
                "must": f"{sign} {must:g}",
                "aim": f"{sign} {aim:g}",
                "found": text,
                "must met": met(must),
                "aim met": met(aim),
                "remark": "" if met(must) else remark or BUSY,
            }
        )

    if cost := found.get("cost"):
        json, agent = cost["JSON"], "agent, no spans"
        share = 1 / ratio(json, "wrk", agent)
        goal("CPU of a keepalive, as a share of wrk's rate per CPU-second", 0.25, 0.30, share, f"{share:.3f}", LIBCURL)
        for name, must, aim in (("aiohttp", 5, 9), ("Python mcp SDK", 50, 100)):
            for setting in ("JSON", "event streams"):
                times = ratio(cost[setting], agent, name)
                goal(f"times cheaper than {name}, {setting}", must, aim, times, f"{times:.1f}", LIBCURL)
        added = 100 * (ratio(json, agent, "agent, spans exported") - 1)
        goal("telemetry on adds, %", 35, 20, added, f"{added:.0f}", GZIP, most=True)
    if memory := found.get("memory"):
        largest = memory["idle"][-1]
        each = largest["bytes"] / largest["sessions"]
        goal("bytes resident of an idle session, of a million", 200, 120, each, f"{each:.0f}", most=True)
    if soak := found.get("soak"):
        share = 100 * core_share(soak)
        name = f"{soak['sessions']:,} sessions every {soak['intervalSeconds']:g} s, telemetry on"
        goal(f"{name}: % of one core", 20, 12, share, f"{share:.1f}", most=True)
        late = 1000 * soak["latenessP99"]
        goal("99 % of them start later than due by at most, ms", 100, 20, late, f"{late:.1f}", most=True)
        goal("sessions missed in that run", 0, 0, missed(soak), str(missed(soak)), most=True)
        failures = soak["measurement"]["failures"]
        goal("keepalives failed in that run", 0, 0, failures, str(failures), most=True)
    if (rules := found.get("rules")) and cost:
        agent_time = 1000 * cost["JSON"]["agent, no spans"]["microseconds"]["median"]
        share = 100 * rules["tickNanoseconds"] / agent_time
        text = f"{share:.1f} (all rules: {100 * rules['nanoseconds'] / agent_time:.1f})"
        goal("scheduler's share of the CPU of a keepalive, %", 3, 1, share, text, most=True)
        longest = rules["longestTickNanoseconds"] / 1e6
        goal("longest tick, ms of CPU", 2, 0.5, longest, f"{longest:.2f}", most=True)
    if cold := found.get("cold"):
        times = cold["verified"]["microseconds"] / cold["not verified"]["microseconds"]
        goal("new verified TLS connection, times an unverified one", 1.5, 1.2, times, f"{times:.2f}", most=True)
        kibibytes = cold["verified"]["bytes"] / 1000
        goal("its memory, kB resident", 100, 100, kibibytes, f"{kibibytes:.0f}", most=True)
    if guards := found.get("guards"):
        count = guards["allocations"]
        goal("allocations of ours for a keepalive", 0.05, 0.05, count, f"{count:.2f}", most=True)
    return result


def report(goals: list[dict]) -> str:
    def words(goal) -> str:
        return "reached" if goal["aim met"] else "enough" if goal["must met"] else "**missed**"

    lines = [[goal["measure"], goal["must"], goal["aim"], f"**{goal['found']}**", words(goal)] for goal in goals]
    text = table(["measure", "must", "aim", "found", ""], lines, "lrrrl")
    missed: dict[str, list[str]] = {}
    for goal in goals:
        if goal["remark"]:
            missed.setdefault(goal["remark"], []).append(f"*{goal['measure']}*")
    remarks = [f"- {'; '.join(measures)}: {remark}." for remark, measures in missed.items()]
    return text + ("\n\nWhat was missed, and why:\n\n" + "\n".join(remarks) if remarks else "")
