#include "edge-agent/workflows/verdict.h"

#include "core/program/shapes.h"

#include <fmt/format.h>

namespace cairn::agent {
namespace {

using program::set_or_null;

std::string sentence(const ScanVerdict& verdict) {
  using What = ScanVerdict::What;
  const std::string left = milli_text(verdict.line_open_milli);
  if (verdict.kind == ScanVerdict::Kind::kPending) {
    return fmt::format("{}: key how many, up to {}", verdict.name, left);
  }
  switch (verdict.what) {
    case What::kPick:
      break;
    case What::kPutBack:
      return fmt::format("{}: into {}, {} to go", verdict.name, verdict.note, left);
    case What::kReturnFind:
      return fmt::format("order {}: {} units can come back", verdict.order_reference,
                         milli_text(verdict.open_milli));
    case What::kReturnUnit:
      return fmt::format("{}: {}, {} more can come back", verdict.name, verdict.note, left);
    case What::kUndo:
      return verdict.event.seq != 0
                 ? fmt::format("{}: undone, put it back into {}; {} to go on this line",
                               verdict.name, verdict.note, left)
                 : fmt::format("{}: off the return, {} more can come back", verdict.name, left);
  }
  if (verdict.open_milli == 0) {
    return fmt::format("{}: order {} is complete", verdict.name, verdict.order_reference);
  }
  return fmt::format("{}: {} to go on this line", verdict.name, left);
}

std::string_view name_of(ScanVerdict::What what) {
  switch (what) {
    case ScanVerdict::What::kPick:
      return "pick";
    case ScanVerdict::What::kPutBack:
      return "put_back";
    case ScanVerdict::What::kReturnFind:
      return "return_find";
    case ScanVerdict::What::kReturnUnit:
      return "return_unit";
    case ScanVerdict::What::kUndo:
      return "undo";
  }
  return "";
}

json::Value scan_of(const ReadContext& read) {
  return read.scan ? typed_scan_json(*read.scan) : json::Value();
}

json::Value begin(const ReadContext& read, const char* word,
                  const std::optional<std::string>& reason, const std::string& message) {
  auto object = json::Value::object();
  object.set("station", read.station);
  set_or_null(object, "device", read.device.empty() ? std::nullopt : std::optional(read.device));
  object.set("verdict", word);
  set_or_null(object, "reason", reason);
  return object.set("message", message).set("code", read.code);
}

}  // namespace

json::Value verdict_json(const Result<ScanVerdict>& verdict, const ReadContext& read) {
  if (!verdict) {
    auto object = begin(read, "nok", verdict.error().reason, verdict.error().message);
    for (const char* const name : {"what", "group", "order_reference", "line", "sku", "name"}) {
      object.set_null(name);
    }
    return object.set("taken_milli", 0)
        .set("line_open_milli", 0)
        .set("open_milli", 0)
        .set_null("event")
        .set("scan_to_commit_us", read.took.count())
        .set("scan", scan_of(read));
  }
  const bool ok = verdict->kind == ScanVerdict::Kind::kOk;
  auto object = begin(read, ok ? "ok" : "pending", std::nullopt, sentence(*verdict));
  object.set("what", name_of(verdict->what))
      .set("group", verdict->group.value().text())
      .set("order_reference", verdict->order_reference);
  if (verdict->line == LineNo()) {
    object.set_null("line").set_null("sku").set_null("name");
  } else {
    object.set("line", verdict->line.value())
        .set("sku", verdict->sku.text())
        .set("name", verdict->name);
  }
  object.set("taken_milli", verdict->taken_milli)
      .set("line_open_milli", verdict->line_open_milli)
      .set("open_milli", verdict->open_milli);
  const bool recorded = ok && verdict->event.seq != 0;
  set_or_null(object, "event", recorded ? std::optional(verdict->event.text()) : std::nullopt);
  return object.set("scan_to_commit_us", read.took.count()).set("scan", scan_of(read));
}

}  // namespace cairn::agent
