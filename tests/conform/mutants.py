#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every check of ima-conform must catch a plugin that breaks its rule.

mutants.py IMA-CONFORM MUTANT.so PLUGIN.so [OPTION...] [NAME=VALUE...]

Runs the suite on the plugin itself, which must conform, then once for each mutant: the plugin
with one defect in one function (mutant.c). The mutant is caught if the suite says that this
function breaks this rule. Prints TAP, and how many mutants were caught.
"""
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile

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


def rows(functions, **defects):
    """One mutant for each function and defect, with the rule that must catch it."""
    for function in functions:
        for defect, rule in defects.items():
            yield "IMA_" + function, defect, rule.replace("_", "-")


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
                    support="range", unknown="unknown_object")
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
    yield from rows(["GetLhbaProperties"], slow="deadline", fail="answers")


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
                 "GetPhbaProperties", "GetTargetProperties"],
        "choice": ["GetPhbaProperties", "GetTargetProperties", "GetNetworkPortStatus",
                   "GetPhbaStatus"],
        "coherent": ["GetPluginProperties", "GetLhbaProperties", "GetPhbaProperties",
                     "GetPnpProperties", "GetIpProperties", "GetTargetProperties",
                     "GetLuProperties"],
        "reference": ["GetPnpProperties", "GetNetworkPortalProperties", "GetTargetProperties",
                      "GetLuProperties", "GetDiscoveryAddressProperties",
                      "GetStaticDiscoveryTargetProperties"],
        "invalid": ["GetLhbaProperties", "GetNodeProperties", "GetDiscoveryProperties",
                    "GetLuProperties", "GetIpProperties", "GetTargetErrorStatistics",
                    "GetMaxConnectionsProperties", "GetDefaultTime2WaitProperties",
                    "GetInitialR2TProperties"],
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
        state = tempfile.mkdtemp(prefix="ima-mutant-")
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
                for function in report["functions"] for rule in function["rules"]}


def main():
    conform, mutant, plugin = sys.argv[1:4]
    environment = dict(word.split("=", 1) for word in sys.argv[4:] if "=" in word)
    options = [word for word in sys.argv[4:] if "=" not in word]
    environment["IMA_MUTANT_OF"] = os.path.abspath(plugin)
    suite = Suite(conform, mutant, options, environment)
    baseline = suite.run()
    number, failed, caught = 1, 0, 0
    bad = [(pair, rule) for pair, rule in (baseline or {}).items() if rule["outcome"] == "failed"]
    fine = baseline is not None and not bad
    print("%sok 1 - the plugin without a defect conforms" % ("" if fine else "not "))
    for pair, rule in bad:
        print("# %s %s: %s" % (*pair, rule["text"]))
    failed += not fine
    todo = list(dict.fromkeys(mutants()))
    with concurrent.futures.ThreadPoolExecutor(4 * os.cpu_count()) as pool:
        for row, found in zip(todo, pool.map(suite.run, todo)):
            number += 1
            hit = found is not None and \
                found.get((row[0], row[2]), {}).get("outcome") == "failed"
            caught += hit
            failed += not hit
            print("%sok %d - %s with defect %s is caught by rule %s" %
                  ("" if hit else "not ", number, *row), flush=True)
    print("1..%d" % number)
    aimed = {(row[0], row[2]) for row in todo}
    passed = [pair for pair, rule in (baseline or {}).items() if rule["outcome"] == "passed"]
    print("# %d of %d mutants caught" % (caught, len(todo)))
    print("# %d of %d checks that the plugin passes have a mutant of their own" %
          (len([pair for pair in passed if pair in aimed]), len(passed)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
