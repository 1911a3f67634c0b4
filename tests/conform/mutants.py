#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every check of ima-conform must catch a plugin that breaks its rule.

mutants.py IMA-CONFORM MUTANT.so PLUGIN.so [OPTION...] [NAME=VALUE...]
mutants.py --write

Runs the suite on the plugin itself, which must conform, then once for each mutant: the plugin
with one defect in one function (mutant.c). The mutant is caught if the suite says that this
function breaks this rule. A check without a mutant of its own needs a reason. Prints TAP, and how
many mutants were caught. --write writes docs/mutants.md, the list of both.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, "docs", "mutants.md")
# State files are synced to the disk at every change, which need not be one here.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
FUNCTIONS = os.path.join(ROOT, "tools", "ima-conform", "functions.def")

KEYS_NUMBER = ["MaxConnections", "MaxRecvDataSegmentLength", "MaxBurstLength", "FirstBurstLength",
               "DefaultTime2Wait", "DefaultTime2Retain", "MaxOutstandingR2T", "ErrorRecoveryLevel"]
KEYS_BOOL = ["InitialR2T", "ImmediateData", "DataPduInOrder", "DataSequenceInOrder"]
GETTERS = ["PluginProperties", "LhbaProperties", "PhbaProperties", "PhbaStatus",
           "PhbaDownloadProperties", "DiscoveryProperties", "IpsecProperties", "LnpProperties",
           "PnpProperties", "NetworkPortStatus", "NetworkPortalProperties", "IpProperties",
           "TargetProperties", "LuProperties", "StatisticsProperties",
           "DiscoveryAddressProperties", "StaticDiscoveryTargetProperties"]
COUNTERS = ["PnpStatistics", "TargetErrorStatistics", "DeviceStatistics"]
LISTS = ["PnpOidList", "NetworkPortalOidList", "TargetOidList", "LuOidList",
         "DiscoveryAddressOidList", "StaticDiscoveryTargetOidList"]
TOP_LISTS = ["LhbaOidList", "PhbaOidList", "LnpOidList", "NonSharedNodeOidList"]
SWITCHES = ["SetIsnsDiscovery", "SetSlpDiscovery", "SetStaticDiscovery",
            "SetSendTargetsDiscovery"]
SCSI = ["LuInquiry", "LuReadCapacity", "LuReportLuns"]


LASTING = ["Set" + name for name in KEYS_NUMBER + KEYS_BOOL] + SWITCHES + [
    "SetNodeName", "SetNodeAlias", "SetIpConfigMethod", "SetSubnetMask", "SetDefaultGateway",
    "SetDnsServerAddress", "SetNetworkPortalIpAddress", "SetInitiatorAuthMethods",
    "SetInitiatorAuthParms", "AddDiscoveryAddress", "AddStaticDiscoveryTarget",
    "RemoveDiscoveryAddress", "RemoveStaticDiscoveryTarget"]


def functions_of(*who):
    """Names, without IMA_, of the functions that these answer."""
    with open(FUNCTIONS, encoding="utf-8") as file:
        found = re.findall(r"^FUNCTION\(\d+, IMA_(\w+), [^,]*, (\w+),", file.read(), re.M)
    return [name for name, answers in found if answers in who]


def library_checks():
    """{(function, rule): why no plugin can break it}."""
    named = [
        (functions_of("LIBRARY"), None, "the library answers alone"),
        (LISTS + TOP_LISTS + ["AddressKeys", "IMAX_DiscoverTargets"], "list-null",
         "the library copies the list on success and sets the pointer to NULL on failure"),
        (["SupportedAuthMethods", "InUseInitiatorAuthMethods"], "sizing",
         "the library asks the plugin with room for every method and counts"),
        (["SupportedAuthMethods", "InUseInitiatorAuthMethods"], "capacity",
         "the library copies as many methods as the caller has room for"),
        (["DeregisterForObjectPropertyChanges", "DeregisterForObjectVisibilityChanges"],
         "event-after", "the library knows the clients and calls none after it deregistered"),
        (["PluginProperties", "PluginIOctl"], "unknown-object",
         "a plugin that does not exist is not asked"),
        (TOP_LISTS, "list-owner", "the library leaves out entries of another owner"),
        (TOP_LISTS, "list-duplicate", "the library leaves out what is listed twice"),
        (["LuReadCapacity"], "sense",
         "the library hands on sense data with CHECK CONDITION only, and no argument makes a "
         "device that works answer so"),
        (["SetNodeName", "SetNodeAlias"], "range",
         "the library checks length and form of names before it asks a plugin"),
        (["SetDnsServerAddress"], "range",
         "the library checks the addresses; the standard knows no other that is wrong"),
        (["RegisterForObjectPropertyChanges", "RegisterForObjectVisibilityChanges",
          "DeregisterForObjectPropertyChanges", "DeregisterForObjectVisibilityChanges"], "status",
         "the library keeps the registration, whatever the plugin answers"),
    ]
    whole = functions_of("LIBRARY", "OWNER", "ALL")
    return {(full_name(name) if name in whole or name.startswith("IMAX_") else "IMA_Get" + name,
             rule): why for names, rule, why in named for name in names}


def why_library(pair):
    return library_checks().get(pair) or library_checks().get((pair[0], None))


def full_name(name):
    """Extensions are written in full, functions of the standard without IMA_."""
    return name if name.startswith("IMAX_") else "IMA_" + name


def rows(functions, **defects):
    """One mutant for each function and defect, with the rule that must catch it."""
    for function in functions:
        for defect, rule in defects.items():
            yield full_name(function), defect, rule.replace("_", "-")


def keys(names, form, **defects):
    return rows([form % name for name in names], **defects)


def mutants():
    every = ["Get" + name for name in GETTERS]
    yield from rows(every, status="status", beyond="bounds", unwritten="written",
                    threads="threads", fail="answers")
    yield from rows([name for name in every if name != "GetStatisticsProperties"]
                    + ["GetPnpOidList", "GetNetworkPortalOidList", "GetTargetOidList",
                       "GetLuOidList", "GetAddressKeys", "GetLuOid", "GetNodeProperties",
                       "RemoveDiscoveryAddress", "RemoveStaticDiscoveryTarget"],
                    unsupported="mandatory")
    # Plugin OIDs that do not exist never reach a plugin.
    yield from rows([name for name in every if name != "GetPluginProperties"],
                    touched="untouched", unknown="unknown_object")
    yield from rows(["Get" + name for name in COUNTERS], status="status", beyond="bounds",
                    touched="untouched", unknown="unknown_object", stats="state")
    everywhere = KEYS_NUMBER + KEYS_BOOL
    yield from keys(everywhere, "Get%sProperties", status="status", beyond="bounds",
                    unwritten="written", touched="untouched", unknown="unknown_object",
                    boolean="boolean", coherent="coherent", unsupported="mandatory",
                    threads="threads")
    yield from keys(everywhere, "Set%s", status="status", unknown="unknown_object")
    yield from rows(patched("reserved"), reserved="reserved")
    yield from rows(patched("boolean"), boolean="boolean")
    yield from rows(patched("text"), text="text")
    yield from rows(patched("choice"), choice="choice")
    yield from rows(patched("coherent"), coherent="coherent")
    yield from rows(patched("reference"), reference="reference")
    yield from rows(patched("invalid"), invalid="invalid_zero")
    yield from rows(["Get" + name for name in LISTS], status="status", member="list_member",
                    type="list_type", unstable="stable", duplicate="list_duplicate",
                    null="answers", unknown="unknown_object")
    yield from rows(["Get" + name for name in LISTS], owner="list_owner")
    yield from rows(["Get" + name for name in TOP_LISTS], member="list_member",
                    type="list_type", unstable="stable")
    yield from rows(["GetPnpOidList"], empty="coherent")
    yield from rows(["GetLuOidList"], short="coherent")
    yield from rows(["GetAddressKeys"], status="status", null="answers", coherent="coherent",
                    boolean="boolean", duplicate="list_duplicate", unknown="unknown_object")
    yield from rows(["GetNodeProperties"], status="status", touched="untouched",
                    unknown="unknown_object", beyond="bounds", unwritten="written")
    yield from keys(SETTABLE_NUMBER, "Set%s", accept="range", ignore="sets", repeat="repeat",
                    leak="refused_unchanged")
    yield from keys(SETTABLE_BOOL, "Set%s", ignore="sets", repeat="repeat")
    yield from keys(FIXED, "Set%s", support="not_settable")
    yield from rows(["SetFirstBurstLength", "SetMaxBurstLength"], accept="state")
    yield from rows(SWITCHES, status="status", unknown="unknown_object", ignore="sets",
                    repeat="repeat", support="not_settable")
    yield from rows(["AddDiscoveryAddress", "AddStaticDiscoveryTarget"], status="status",
                    unknown="unknown_object", accept="range", ignore="sets", repeat="repeat",
                    type="reference")
    yield from rows(["RemoveDiscoveryAddress", "RemoveStaticDiscoveryTarget"], status="status",
                    unknown="unknown_object", ignore="sets", state="gone")
    # Sizing and capacity of method lists are the library's work.
    yield from rows(["GetSupportedAuthMethods", "GetInUseInitiatorAuthMethods"], status="status",
                    choice="choice", duplicate="list_duplicate", unknown="unknown_object")
    yield from rows(["GetInitiatorAuthParms"], status="status", coherent="coherent",
                    accept="range", unknown="unknown_object")
    yield from rows(["SetInitiatorAuthParms"], status="status", ignore="sets", accept="range",
                    unknown="unknown_object")
    yield from rows(["SetInitiatorAuthMethods"], status="status", ignore="sets", accept="range",
                    unknown="unknown_object", leak="refused_unchanged", support="not_settable")
    yield from rows(["SetSubnetMask", "SetDefaultGateway"], accept="range")
    yield from rows(["SetSubnetMask", "SetDefaultGateway", "SetDnsServerAddress"],
                    status="status", unknown="unknown_object", ignore="sets",
                    support="not_settable")
    yield from rows(["SetIpConfigMethod"], status="status", unknown="unknown_object",
                    ignore="sets", support="not_settable")
    yield from rows(["SetNetworkPortalIpAddress"], status="status", unknown="unknown_object",
                    ignore="sets")
    yield from rows(["IsPhbaDownloadFile", "PhbaDownload"], status="status",
                    unknown="unknown_object", accept="range", support="not_settable",
                    fail="sets")
    yield from rows(SCSI, status="status", unknown="unknown_object", capacity="capacity",
                    beyond="bounds", coherent="coherent")
    yield from rows(["LuInquiry"], sense="sense")
    yield from rows(["GetLuOid"], status="status", unknown="unknown_object", member="list_member",
                    type="reference", unstable="stable")
    yield from rows(["ExposeLu", "UnexposeLu"], status="status", unknown="unknown_object",
                    ignore="sets", state="state", support="not_settable")
    yield from rows(["RemoveStaleData"], status="status", unknown="unknown_object",
                    ignore="sets", repeat="repeat", support="not_settable")
    yield from rows(["SetStatisticsCollection"], status="status", unknown="unknown_object",
                    ignore="sets", repeat="repeat", support="not_settable")
    yield from rows(["PluginIOctl"], support="range")
    yield from rows(["SetNodeName", "SetNodeAlias"], status="status", unknown="unknown_object",
                    ignore="sets")
    yield from rows(["RegisterForObjectVisibilityChanges", "RegisterForObjectPropertyChanges"],
                    mute="event")
    yield from rows(functions_of("OWNER", "ALL"), slow="deadline")
    yield from rows(["GetPluginProperties"], spill="untouched")
    yield from rows(["Get" + name for name in COUNTERS], unsupported="mandatory",
                    unwritten="written", fail="answers")
    yield from keys(everywhere, "Get%sProperties", fail="answers")
    yield from rows(["GetNodeProperties"], fail="answers", threads="threads")
    yield from rows(["Get" + name for name in TOP_LISTS], status="status", fail="answers")
    yield from rows(["GetSupportedAuthMethods", "GetInUseInitiatorAuthMethods"],
                    coherent="coherent", none="coherent")
    yield from rows(LASTING, forget="persists")
    yield from rows(["IsPhbaDownloadFile"], choice="choice")
    yield from rows(["LuReportLuns"], sense="sense")
    yield from keys(KEYS_BOOL, "Set%s", leak="refused_unchanged")
    yield from rows(["SetNodeAlias", "SetNodeName"], support="not_settable")
    yield from rows(["SetNetworkPortalIpAddress"], accept="range")
    yield from rows(["PluginIOctl"], status="status")
    yield from extension_mutants()


def extension_mutants():
    getters = ["IMAX_GetChapAlgorithms", "IMAX_GetDigestProperties"]
    setters = ["IMAX_SetChapAlgorithms", "IMAX_SetChapParms", "IMAX_SetAuthMethods",
               "IMAX_SetHeaderDigest", "IMAX_SetDataDigest", "IMAX_RemoveSetting"]
    asked = ["IMAX_GetChapParms", "IMAX_GetAuthMethods", "IMAX_RescanTarget",
             "IMAX_DiscoverTargets", "IMAX_LoginTarget", "IMAX_LogoutTarget"]
    yield from rows(getters + setters + asked, status="status", slow="deadline",
                    unknown="unknown_object")
    yield from rows(getters + asked, fail="answers")
    yield from rows(getters, touched="untouched", beyond="bounds", unwritten="written",
                    boolean="boolean", choice="choice", coherent="coherent",
                    invalid="invalid_zero", threads="threads")
    yield from rows(["IMAX_GetChapAlgorithms"], duplicate="list_duplicate")
    yield from rows(setters + ["IMAX_LoginTarget", "IMAX_LogoutTarget"], ignore="sets")
    yield from rows(["IMAX_SetChapAlgorithms", "IMAX_SetHeaderDigest", "IMAX_SetDataDigest"],
                    support="not_settable", forget="persists")
    yield from rows(["IMAX_SetChapAlgorithms", "IMAX_SetAuthMethods", "IMAX_RemoveSetting"],
                    support="range")
    yield from rows(["IMAX_SetChapParms"], accept="state")
    yield from rows(["IMAX_GetChapParms"], boolean="boolean", invalid="invalid_zero",
                    coherent="coherent")
    yield from rows(["IMAX_GetAuthMethods"], choice="choice", duplicate="list_duplicate",
                    none="coherent")
    yield from rows(["IMAX_RemoveSetting", "IMAX_RescanTarget", "IMAX_LoginTarget",
                     "IMAX_LogoutTarget"], repeat="repeat")
    yield from rows(["IMAX_DiscoverTargets"], type="list_type", member="list_member")


def patched(defect):
    """The functions whose structures mutant.c spoils in this way."""
    return {
        "reserved": ["GetPluginProperties", "GetNodeProperties", "GetLhbaProperties",
                     "GetPhbaProperties", "GetPhbaDownloadProperties", "GetDiscoveryProperties",
                     "GetIpsecProperties", "GetLnpProperties", "GetPnpProperties",
                     "GetNetworkPortalProperties", "GetIpProperties", "GetTargetProperties",
                     "GetTargetErrorStatistics", "GetLuProperties"],
        "boolean": ["GetPluginProperties", "GetNodeProperties", "GetLhbaProperties",
                    "GetPhbaProperties", "GetPhbaDownloadProperties", "GetDiscoveryProperties",
                    "GetIpsecProperties", "GetLnpProperties", "GetPnpProperties",
                    "GetIpProperties", "GetTargetProperties", "GetTargetErrorStatistics",
                    "GetLuProperties", "GetStatisticsProperties"],
        "text": ["GetPluginProperties", "GetNodeProperties", "GetLhbaProperties",
                 "GetPhbaProperties", "GetTargetProperties", "GetLuProperties"],
        "choice": ["GetPhbaProperties", "GetTargetProperties", "GetNetworkPortStatus",
                   "GetPhbaStatus"],
        "coherent": ["GetPluginProperties", "GetNodeProperties", "GetIpsecProperties",
                      "GetLhbaProperties", "GetPhbaProperties",
                     "GetPnpProperties", "GetIpProperties", "GetTargetProperties",
                     "GetLuProperties"],
        "reference": ["GetPnpProperties", "GetNetworkPortalProperties", "GetTargetProperties",
                      "GetLuProperties", "GetDiscoveryAddressProperties",
                      "GetStaticDiscoveryTargetProperties"],
        "invalid": ["GetLhbaProperties", "GetNodeProperties", "GetDiscoveryProperties",
                    "GetLuProperties", "GetIpProperties", "GetTargetErrorStatistics",
                    *("Get%sProperties" % key for key in KEYS_NUMBER + KEYS_BOOL)],
    }[defect]


# The machine of the test has an LHBA on which every login key can be set, and one on which none
# can.
SETTABLE_NUMBER = list(KEYS_NUMBER)
SETTABLE_BOOL = list(KEYS_BOOL)
FIXED = KEYS_NUMBER + KEYS_BOOL


class Suite:
    def __init__(self, conform, plugin, options, environment):
        self.command = [conform, "--destructive", "--json", "--objects", "6", "--timeout", "1",
                        *options, plugin]
        self.environment = environment

    def run(self, mutant=None):
        """The outcome of every (function, rule), or None if the suite did not report."""
        state = tempfile.mkdtemp(prefix="ima-mutant-", dir=MEMORY)
        environment = dict(os.environ, IMA_STATE_DIR=state, **self.environment)
        if mutant:
            environment["IMA_MUTANT"] = "%s:%s" % mutant[:2]
        try:
            done = subprocess.run(
                self.command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                timeout=120, check=False)
            report = json.loads(done.stdout)["data"][0]
        except (ValueError, IndexError, subprocess.TimeoutExpired):
            return None
        finally:
            shutil.rmtree(state, ignore_errors=True)
        return {(function["function"], rule["rule"]): rule
                for function in report["functions"] + report["extensions"]
                for rule in function["rules"]}


def page():
    """docs/mutants.md: for every rule its mutants, and the checks no plugin can fail."""
    todo = list(dict.fromkeys(mutants()))
    rules = {}
    for function, defect, rule in todo:
        rules.setdefault(rule, {}).setdefault(defect, []).append(re.sub("^IMA_", "", function))
    lines = ["# Which mutants the conformance suite catches", "",
             "Generated by `tests/conform/mutants.py --write` from the list the test",
             "`conform-mutants` runs: the simulator with one defect in one function, and the rule that",
             "must catch it. Every check that the simulator passes has a mutant here, or a reason below",
             "why no plugin can fail it; the test sees to that.", "",
             "%d mutants." % len(todo), "", "| Rule | Defect | Functions |", "|---|---|---|"]
    for rule in sorted(rules):
        for defect, functions in sorted(rules[rule].items()):
            lines.append("| %s | %s | %d: %s |" % (rule, defect, len(functions),
                                                   ", ".join(functions)))
    lines += ["", "## Checks of the library's own work", "",
              "| Function | Rule | Why no plugin can break it |", "|---|---|---|"]
    lines += ["| %s | %s | %s |" % (function, rule or "all", why)
              for (function, rule), why in library_checks().items()]
    return "\n".join(lines) + "\n"


class Report:
    """TAP."""

    def __init__(self):
        self.number = self.failed = 0

    def case(self, fine, name, remarks=()):
        self.number += 1
        self.failed += not fine
        print("%sok %d - %s" % ("" if fine else "not ", self.number, name), flush=True)
        for remark in remarks:
            print("# " + remark)


def run_all(suite, todo):
    """The outcome of each mutant, in order. Slow ones sleep most of the time."""
    cores = os.cpu_count() or 1
    with concurrent.futures.ThreadPoolExecutor(6 * cores) as busy, \
            concurrent.futures.ThreadPoolExecutor(32) as idle:
        futures = [(idle if row[1] == "slow" else busy).submit(suite.run, row) for row in todo]
        for future in futures:
            yield future.result()


def check_coverage(report, passed, todo):
    """Every check that passes has a mutant or a reason, and no check has both."""
    aimed = {(row[0], row[2]) for row in todo}
    bare = [pair for pair in passed if pair not in aimed and not why_library(pair)]
    both = [pair for pair in passed if pair in aimed and why_library(pair)]
    report.case(not bare, "every check has a mutant or a reason why no plugin can fail it",
                ["%s %s has neither" % pair for pair in bare])
    report.case(not both, "no reason is disproved by a mutant", ["%s %s" % pair for pair in both])
    with open(PAGE, encoding="utf-8") as file:
        report.case(file.read() == page(), "docs/mutants.md is up to date")
    return (len([pair for pair in passed if pair in aimed]),
            len([pair for pair in passed if why_library(pair)]))


def main():
    if sys.argv[1:] == ["--write"]:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page())
        return 0
    conform, mutant, plugin = sys.argv[1:4]
    environment = dict(word.split("=", 1) for word in sys.argv[4:] if "=" in word)
    options = [word for word in sys.argv[4:] if "=" not in word]
    environment["IMA_MUTANT_OF"] = os.path.abspath(plugin)
    suite, report, caught = Suite(conform, mutant, options, environment), Report(), 0
    baseline = suite.run() or {}
    bad = [(*pair, rule["text"]) for pair, rule in baseline.items() if rule["outcome"] == "failed"]
    report.case(baseline and not bad, "the plugin without a defect conforms",
                ["%s %s: %s" % row for row in bad])
    todo = list(dict.fromkeys(mutants()))
    for row, found in zip(todo, run_all(suite, todo)):
        hit = (found or {}).get((row[0], row[2]), {}).get("outcome") == "failed"
        caught += hit
        report.case(hit, "%s with defect %s is caught by rule %s" % row)
    passed = [pair for pair, rule in baseline.items() if rule["outcome"] == "passed"]
    own, library = check_coverage(report, passed, todo)
    print("1..%d" % report.number)
    print("# %d of %d mutants caught" % (caught, len(todo)))
    print("# of %d checks that the plugin passes %d have mutants of their own, %d are of the "
          "library's work" % (len(passed), own, library))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
