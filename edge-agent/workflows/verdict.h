#pragma once
// What became of a read, for the person who made it: on the screen, on the stream, as a tone. Built
// on the loop after the commit, never before.

#include "core/base/time.h"
#include "core/json/value.h"
#include "edge-agent/workflows/scan_verdict.h"
#include "edge-agent/workflows/typed_scan.h"

#include <optional>
#include <string>

namespace cairn::agent {

/// The read itself.
struct ReadContext {
  std::string station;
  std::string device;  ///< empty: from a page
  std::string code;    ///< without AIM identifier; empty for a keyed quantity
  Duration took{0};    ///< from the last octet to the end of the commit
  std::optional<TypedScan> scan = std::nullopt;  ///< none of a keyed quantity, nor of a failed read
};

/// Schema Verdict of docs/api/agent.openapi.yaml; an error is the verdict "nok" with its reason.
json::Value verdict_json(const Result<ScanVerdict>& verdict, const ReadContext& read);

}  // namespace cairn::agent
