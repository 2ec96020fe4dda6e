// cairn label: a label for a printer or as a picture, without a printer.

#include "core/json/reader.h"
#include "device-drivers/epl/epl_encoder.h"
#include "device-drivers/labels/label_layout.h"
#include "device-drivers/picture/label_picture.h"
#include "device-drivers/zpl/zpl_encoder.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/data_file.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>

#include <functional>
#include <map>

namespace cairn::tool {
namespace {

using devices::LabelPage;
using Lay = std::function<Result<LabelPage>()>;

constexpr json::Reader::Length kLabelText{0, 120};

std::string needed(json::Reader& in, std::string_view name) { return in.text(name, kLabelText); }
std::string maybe(json::Reader& in, std::string_view name) {
  return in.optional_text(name, kLabelText).value_or("");
}

devices::LocationLabel read_location(json::Reader& in) {
  return {needed(in, "location"), maybe(in, "name"), maybe(in, "sku")};
}

Lay read_shelf(json::Reader& in) {
  return [label = read_location(in)] { return lay_out_shelf(label); };
}

Lay read_bin(json::Reader& in) {
  return [label = read_location(in)] { return lay_out_bin(label); };
}

Lay read_tote(json::Reader& in) {
  return [label = devices::ToteLabel{needed(in, "tote"), maybe(in, "site")}] {
    return lay_out(label);
  };
}

Lay read_parcel(json::Reader& in) {
  devices::ParcelLabel label;
  label.sender = needed(in, "sender");
  label.reference = needed(in, "reference");
  label.weight = needed(in, "weight");
  label.sscc = needed(in, "sscc");
  label.tracking = needed(in, "tracking");
  return [label] { return lay_out(label); };
}

Lay read_pickup(json::Reader& in) {
  devices::PickupLabel label;
  label.order = needed(in, "order");
  label.name = maybe(in, "name");
  label.place = maybe(in, "place");
  label.bag = static_cast<int>(in.optional_integer("bag", 1, 99).value_or(1));
  label.bags = static_cast<int>(in.optional_integer("bags", 1, 99).value_or(label.bag));
  return [label] { return lay_out(label); };
}

Lay read_return(json::Reader& in) {
  devices::ReturnLabel label;
  label.id = needed(in, "return");
  label.order = maybe(in, "order");
  label.name = maybe(in, "name");
  label.condition = maybe(in, "condition");
  return [label] { return lay_out(label); };
}

Lay read_product(json::Reader& in) {
  devices::ProductLabel label;
  label.name = needed(in, "name");
  label.gtin = needed(in, "gtin");
  label.batch = maybe(in, "batch");
  label.expiry = maybe(in, "expiry");
  if (const auto minor = in.optional_integer("price_minor", 0, kMaxMinor)) {
    const auto currency = Currency::parse(in.text("currency", {3, 3}));
    if (!currency) in.problem("currency", currency.error().message);
    label.price = Money{*minor, currency.value_or(Currency())};
  }
  return [label] { return lay_out(label); };
}

const std::map<std::string, Lay (*)(json::Reader&)>& label_readers() {
  static const std::map<std::string, Lay (*)(json::Reader&)> readers{
      {"bin", &read_bin},         {"parcel", &read_parcel}, {"pickup", &read_pickup},
      {"product", &read_product}, {"return", &read_return}, {"shelf", &read_shelf},
      {"tote", &read_tote}};
  return readers;
}

Result<std::string> rendered(const LabelPage& page, LabelArguments::Form form) {
  switch (form) {
    case LabelArguments::Form::kZpl:
      return devices::zpl_of(page);
    case LabelArguments::Form::kEpl:
      return devices::epl_of(page);
    case LabelArguments::Form::kPng:
      break;
  }
  return devices::picture::png_of(page);
}

}  // namespace

Result<int> label_command(const LabelArguments& arguments) {
  const auto document = read_json_file(arguments.data);
  if (!document) return fail(document.error());
  json::Reader in(*document);
  const Lay lay = label_readers().at(arguments.type)(in);
  const auto copies = in.optional_integer("copies", 1, 999).value_or(1);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  auto page = lay();
  if (!page) return fail(page.error());
  page->copies = static_cast<int>(copies);
  const auto octets = rendered(*page, arguments.form);
  if (!octets) return fail(octets.error());
  print_text(*octets);
  return kDone;
}

}  // namespace cairn::tool
