// What bar codes hold: every octet gets a result or a fault inside the data, and what is understood
// is written and read again as the same.

#include "core/gs1/associations.h"
#include "core/gs1/digital_link.h"
#include "core/gs1/element_string.h"
#include "core/gs1/keys.h"
#include "core/gs1/scan.h"
#include "core/gs1/upc_e.h"
#include "core/gs1/variable_measure.h"
#include "tests/fuzzing/target.h"

#include <algorithm>
#include <string>

namespace cairn::fuzz {
namespace {

bool same(const gs1::Elements& one, const gs1::Elements& other) {
  return std::ranges::equal(one, other, [](const gs1::Element& a, const gs1::Element& b) {
    return a.ai == b.ai && a.value == b.value;
  });
}

void inside(const gs1::Fault& fault, std::size_t size) {
  hold(fault.position <= size, "a fault is inside the data");
  hold(gs1::name_of(fault.code) != "unknown", "a fault has a name");
  hold(std::ranges::all_of(fault.message,
                           [](char c) { return static_cast<unsigned char>(c) >= ' '; }),
       "a message shows itself only");
}

void understood(const gs1::Elements& elements) {
  hold(!elements.empty() && elements.size() <= gs1::kMostElements, "there are 1 to 64 elements");
  const auto read = gs1::parse_element_string(gs1::element_string(elements));
  hold(read && same(*read, elements), "what is written is read as the same");
  for (const gs1::Fault& fault : gs1::broken_associations(elements)) {
    hold(std::ranges::find(elements, fault.position, &gs1::Element::position) != elements.end(),
         "a broken association is at an element");
  }
  if (const auto uri = gs1::build_link(elements)) {
    const auto link = gs1::parse_link(*uri);
    hold(link && link->size() == elements.size(), "a link that was built is read");
    hold(gs1::build_link(*link) == *uri, "and built again as the same");
  }
}

}  // namespace

void gs1_data(BytesView input) {
  for (const std::string_view id : {"", "]C1", "]E0", "]E3", "]I1", "]Q1"}) {
    const auto scan = gs1::parse_scan(std::string(id) + std::string(input));
    if (!scan) inside(scan.error(), input.size());
    if (scan && !scan->elements.empty()) understood(scan->elements);
  }
  if (const auto elements = gs1::parse_bracketed(input)) {
    understood(*elements);
  } else {
    inside(elements.error(), input.size());
  }
  for (const auto gtins : {gs1::ShortGtins::kRefuse, gs1::ShortGtins::kPad}) {
    const auto elements = gs1::parse_link(input, gtins);
    if (!elements) inside(elements.error(), input.size());
  }
  if (const auto uri = gs1::build_link({}, input)) hold(false, "nothing makes no link");
  if (const auto gtin = gs1::expand_upc_e(input)) {
    hold(!gs1::check_key(gs1::Key::kGtin12, *gtin), "an expanded number is right");
  }
  for (const std::string_view scheme : {"se", "uk", "us"}) {
    const auto measure =
        gs1::read_measure(gs1::national_scheme(scheme), gs1::MeasureCarrier::kEan13, input);
    if (measure) hold(measure->value >= 0, "a measure is none below zero");
  }
}

}  // namespace cairn::fuzz
