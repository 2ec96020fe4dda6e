#include "edge-agent/workflows/typed_scan.h"

#include "core/base/utf8.h"
#include "core/gs1/measured_article.h"
#include "core/gs1/scan.h"
#include "core/program/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::agent {
namespace {

struct Code {
  char letter;  // of the AIM identifier
  std::string_view name;
};

constexpr std::array<Code, 14> kCodes = {{{'A', "Code39"},
                                          {'C', "Code128"},
                                          {'F', "Codabar"},
                                          {'G', "Code93"},
                                          {'H', "Code11"},
                                          {'I', "ITF"},
                                          {'J', "DotCode"},
                                          {'L', "PDF417"},
                                          {'Q', "QRCode"},
                                          {'U', "MaxiCode"},
                                          {'d', "DataMatrix"},
                                          {'e', "DataBar"},
                                          {'h', "HanXin"},
                                          {'z', "Aztec"}}};

std::string_view ean(const Barcode& barcode) {
  constexpr std::size_t kUpcA = 12;
  constexpr std::size_t kUpcE = 8;
  if (barcode.symbology == "E4") return "EAN-8";
  if (barcode.data.size() == kUpcE) return "UPC-E";
  if (barcode.data.size() == kUpcA || barcode.data.starts_with('0')) return "UPC-A";
  return "EAN-13";
}

/// How many octets of `text` are one character of UTF-8; 0: none that can be shown.
std::size_t character(std::string_view text) {
  constexpr unsigned char kBlank = 0x20;
  constexpr unsigned char kDelete = 0x7F;
  constexpr std::size_t kLongest = 4;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < kBlank || first == kDelete) return 0;
  for (std::size_t size = 1; size <= std::min(kLongest, text.size()); ++size) {
    if (is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

json::Value elements_json(const gs1::Elements& elements) {
  auto list = json::Value::array();
  for (const gs1::Element& element : elements) {
    auto item = json::Value::object();
    item.set("ai", element.ai).set("value", element.value);
    list.add(std::move(item));
  }
  return list;
}

json::Value measure_json(const gs1::Measure& measure) {
  auto object = json::Value::object();
  return object.set("kind", gs1::name_of(measure.kind))
      .set("item", measure.item)
      .set("value", measure.value)
      .set("decimals", measure.decimals)
      .set("unit", measure.unit);
}

std::optional<std::string> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

}  // namespace

std::string_view symbology_of(const Barcode& barcode) {
  if (barcode.symbology.empty()) return "";
  const char letter = barcode.symbology.front();
  if (letter == 'E') return ean(barcode);
  const auto code = std::ranges::find(kCodes, letter, &Code::letter);
  return code == kCodes.end() ? "" : code->name;
}

std::string shown_text(std::string_view octets) {
  std::string shown;
  while (!octets.empty()) {
    const std::size_t size = character(octets);
    if (size == 0) {
      shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(octets.front()));
    } else if (octets.front() == '\\') {
      shown += "\\\\";
    } else {
      shown += octets.substr(0, size);
    }
    octets.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return shown;
}

void set_type(json::Value& object, const Barcode& barcode, std::string_view symbology) {
  using program::set_or_null;
  gs1::Scan scan = gs1::parse_scan(barcode).value_or(gs1::Scan{});
  if (!scan.gtin) scan.gtin = gs1::gtin_of(barcode);
  set_or_null(object, "symbology",
              unless_empty(symbology.empty() ? symbology_of(barcode) : symbology));
  set_or_null(object, "aim",
              barcode.symbology.empty() ? std::nullopt : std::optional(']' + barcode.symbology));
  object.set("text", shown_text(barcode.data));
  set_or_null(object, "gtin14", scan.gtin ? std::optional(scan.gtin->text()) : std::nullopt);
  object.set("elements", elements_json(scan.elements));
}

json::Value typed_scan_json(const TypedScan& scan) {
  auto object = json::Value::object();
  set_type(object, scan.barcode, scan.symbology);
  program::set_or_null(object, "device", unless_empty(scan.device));
  object.set("at", scan.at.text());
  return object.set("measure", scan.measure ? measure_json(*scan.measure) : json::Value());
}

std::optional<gs1::Measure> measure_of(const gs1::MeasureScheme& scheme, const Barcode& barcode) {
  auto article = gs1::read_measured_article(scheme, barcode);
  return article ? std::optional(std::move(article->measure)) : std::nullopt;
}

}  // namespace cairn::agent
