// What devices say: it means the same however the octets are split over reads, and what is gathered
// is bounded.

#include "core/base/barcode.h"
#include "core/base/ids.h"
#include "core/base/utf8.h"
#include "core/gs1/scan.h"
#include "device-drivers/escpos/receipt_text.h"
#include "device-drivers/escpos/status.h"
#include "device-drivers/scales/scale_protocols.h"
#include "device-drivers/serial/line_framer.h"
#include "device-drivers/zpl/host_status.h"
#include "device-drivers/zpl/label_text.h"
#include "tests/fuzzing/target.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace cairn::fuzz {
namespace {

/// Feeds the input whole and then octet by octet: the results must be equal.
template <class Feed>
auto fed_both_ways(BytesView input, Feed feed) {
  const auto whole = feed({input});
  std::vector<BytesView> octets;
  for (std::size_t i = 0; i < input.size(); ++i) octets.push_back(input.substr(i, 1));
  hold(feed(octets) == whole, "how the octets are split makes no difference");
  return whole;
}

using Pieces = std::vector<BytesView>;

struct Shown {
  std::string fault;
  bool idle = false;
  int waiting = 0;
  friend bool operator==(const Shown&, const Shown&) = default;
};

}  // namespace

void barcode(BytesView input) {
  for (const bool aim : {false, true}) {
    const Barcode read = parse_barcode(input, aim);
    hold(read.data.size() <= input.size(), "a code is no longer than what was sent");
    hold(aim || (read.symbology.empty() && read.data == input), "nothing is cut off unasked");
    if (const auto gtin = gs1::gtin_of(read)) {
      hold(Gtin::parse(gtin->text()) == *gtin && Gtin::from_number(gtin->number()) == *gtin,
           "an article number reads back");
    }
  }
  if (const auto gtin = Gtin::parse(input)) {
    hold(Gtin::parse(gtin->text()) == *gtin, "an article number reads back");
  }
  if (const auto code = LocationCode::parse(input))
    hold(code->text() == input, "a bin is its text");
  if (const auto sku = Sku::parse(input)) hold(sku->text() == input, "an article is its text");
  if (const auto site = SiteId::parse(input)) hold(site->text() == input, "a site is its text");
}

void scanner_line(BytesView input) {
  using Read = devices::LineFramer::Read;
  const auto reads = fed_both_ways(input, [](const Pieces& pieces) {
    devices::LineFramer framer(std::chrono::milliseconds(50));
    std::vector<Read> all;
    for (const BytesView piece : pieces) {
      for (Read& read : framer.feed(piece, {1})) all.push_back(std::move(read));
    }
    return all;
  });
  for (const Read& read : reads) {
    if (!read) continue;
    hold(!read->empty() && read->size() <= Barcode::kMaxSize, "a read has 1 to 256 octets");
    hold(read->find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
         "a read has no suffix and no hole in it");
  }
}

/// Every protocol, in every unit: nothing that a scale sends is a weight that it is not.
void scale_answer(BytesView input) {
  using devices::WeightReading;
  using devices::WeightUnit;
  for (const auto& entry : devices::scale_protocols()) {
    for (const auto unit :
         {WeightUnit::kKilogram, WeightUnit::kGram, WeightUnit::kPound, WeightUnit::kOunce}) {
      const auto protocol = entry.make(unit);
      const Bytes question = protocol->ask();
      hold(protocol->ask() == question, "a question is always the same");
      for (const char octet : input) {
        const auto heard = protocol->take(octet);
        if (!heard) continue;
        const int told = (heard->reading ? 1 : 0) + (heard->fault.empty() ? 0 : 1) +
                         (heard->reply.empty() ? 0 : 1);
        hold(told == 1, "an answer is one thing");
        if (!heard->reading) continue;
        const bool stable = heard->reading->state == WeightReading::State::kStable;
        hold(heard->reading->weight_mg >= 0, "a weight is none below zero");
        hold(stable || heard->reading->weight_mg == 0, "what is not stable is no weight");
        hold(stable == !heard->reading->shown.empty(), "a weight is shown, and only a weight");
      }
    }
  }
}

void printer_status(BytesView input) {
  constexpr std::size_t kAnswersMost = 4096;  // more is no printer: what is gathered is dropped
  fed_both_ways(input.substr(0, kAnswersMost), [](const Pieces& pieces) {
    devices::HostStatusReader reader;
    std::vector<Shown> all;
    for (const BytesView piece : pieces) {
      for (auto status = reader.feed(piece); status; status = reader.feed({})) {
        all.push_back({status->fault(), status->idle(), status->formats_waiting});
      }
    }
    return all;
  });
  fed_both_ways(input.substr(0, kAnswersMost), [](const Pieces& pieces) {
    devices::EscPosStatusReader reader;
    reader.expect(2);
    reader.expect_processed();
    std::vector<std::string> all;
    for (const BytesView piece : pieces) {
      for (const auto& heard : reader.feed(piece)) all.push_back(heard.status.fault());
    }
    return all;
  });
  if (is_utf8(input)) {
    for (const std::string& line : devices::wrapped(devices::one_line(input), 32)) {
      hold(devices::width_of_text(line) <= 32, "a line is no wider than the paper");
    }
  }
  const std::string escaped = devices::escaped(input);
  hold(escaped.find_first_of("^~") == std::string::npos, "no text is taken for a command");
  const auto fitted = devices::fit(input, 400, {40, 20});
  hold(fitted.height == 40 || fitted.height == 20, "a text has one of the heights");
}

}  // namespace cairn::fuzz
