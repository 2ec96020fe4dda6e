#include "core/program/event_sentence.h"

#include "core/domain/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace cairn::program {
namespace {

/// Says one event each.
class Sentence {
 public:
  Sentence(const SiteId& site, const SentenceNames& names) : site_(&site), names_(&names) {}

  // ---- the order ----

  std::string of(const domain::OrderPlaced& e) const {
    std::int64_t milli = 0;
    for (const domain::OrderLine& line : e.lines) milli += line.service ? 0 : line.ordered.milli;
    const std::string how = e.method == domain::FulfilmentMethod::kPickup
                                ? fmt::format("to be picked up at {}", e.pickup_site.text())
                                : std::string("to be shipped");
    return fmt::format("Ordered in channel {}: {} on {}, {}", e.channel, units(milli),
                       lines(e.lines.size()), how);
  }
  std::string of(const domain::OrderUnitsCancelled& e) const {
    return fmt::format("{} cancelled {}, before a site had it", some(e.line, e.milli),
                       by(e.reason));
  }
  std::string of(const domain::PickupConverted& e) const {
    return fmt::format("{} will be shipped instead of picked up", some(e.line, e.milli));
  }
  static std::string of(const domain::OrderParked& e) {
    if (!e.queue) return "Nothing of it waits any more";
    std::string text = fmt::format("It waits in {}", name_of(*e.queue));
    if (e.auto_cancel_at) text += fmt::format(", until {}", e.auto_cancel_at->text());
    return text;
  }
  static std::string of(const domain::CancellationUnmatched& e) {
    return fmt::format("A cancellation of {} came that no order matched", milli_text(e.milli));
  }
  static std::string of(const domain::OrderHeld& e) {
    return fmt::format("Held ({}){}", name_of(e.reason), noted(e.note));
  }
  static std::string of(const domain::OrderHoldReleased& e) {
    return fmt::format("Released from its hold{}", noted(e.note));
  }
  std::string of(const domain::OrderLineAdded& e) const {
    if (e.raises == LineNo()) {
      return fmt::format("{} of {} added to the order{}", units(e.line.ordered.milli), e.line.name,
                         noted(e.note));
    }
    return fmt::format("{} more wanted{}", some(e.raises, e.line.ordered.milli), noted(e.note));
  }
  static std::string of(const domain::OrderDeliveryChanged& e) {
    const auto how = [](const domain::DeliveryPlace& delivery) {
      if (delivery.method == domain::FulfilmentMethod::kPickup) {
        return fmt::format("to be picked up at {}", delivery.pickup_site.text());
      }
      return std::string("to be shipped");
    };
    const std::string before = how(e.before);
    const std::string after = how(e.after);
    const bool elsewhere = before == after;
    return fmt::format("Now {}{}{}", after,
                       elsewhere ? ", to another address" : ", before " + before, noted(e.note));
  }
  static std::string of(const domain::CouponsGivenBack&) {
    return "All of it is cancelled: its coupons can be used again";
  }
  static std::string of(const domain::OrderRejected& e) {
    return fmt::format("Rejected by head office{}", noted(e.note));
  }

  // ---- the ship group ----

  std::string of(const domain::ShipGroupAllocated& e) const {
    std::int64_t milli = 0;
    for (const domain::ShipGroupLine& line : e.lines) milli += line.ordered.milli;
    const bool pickup = e.method == domain::FulfilmentMethod::kPickup;
    return fmt::format("Given to {}: {} on {} {}", site_->text(), units(milli),
                       lines(e.lines.size()), pickup ? "for pickup" : "to ship");
  }
  static std::string of(const domain::TaskClaimed& e) {
    return fmt::format("Picking began at station {}", e.station);
  }
  static std::string of(const domain::TaskReleased&) { return "The pick task was given back"; }
  std::string of(const domain::LinePicked& e) const {
    return fmt::format("{} picked{}", some(e.line, e.milli), from(e.from));
  }
  std::string of(const domain::PickUndone& e) const {
    return fmt::format("{} put back: the pick was a mistake", some(e.line, e.milli));
  }
  std::string of(const domain::LineShorted& e) const {
    return fmt::format("{} could not be picked{}: {}", some(e.line, e.milli), from(e.from),
                       in_words(name_of(e.reason)));
  }
  std::string of(const domain::PackageClosed& e) const {
    std::string text = fmt::format("Packed {}, {}", units(sum(e.lines)), mass_text(e.weight_mg));
    if (e.check == domain::WeightCheck::kOverridden) {
      text +=
          fmt::format("; the weight differs, {} let it pass: {}", person(e.approved_by), e.reason);
    }
    return text;
  }
  static std::string of(const domain::LabelAssigned& e) {
    return fmt::format("The package has the label {}", e.tracking);
  }
  static std::string of(const domain::LabelPrintStarted& e) {
    return fmt::format("A label went to printer {}", e.printer);
  }
  static std::string of(const domain::LabelPrintEnded& e) {
    switch (e.outcome) {
      case domain::PrintOutcome::kDone:
        return "The label was printed";
      case domain::PrintOutcome::kFailed:
        return fmt::format("The label was not printed: {}", e.detail);
      case domain::PrintOutcome::kUnknown:
        break;
    }
    return "Nobody knows whether the label was printed";
  }
  static std::string of(const domain::LabelChecked& e) {
    return e.came_out ? "Somebody looked: the label was printed"
                      : "Somebody looked: the label was not printed";
  }
  std::string of(const domain::ShipGroupShipped& e) const {
    return fmt::format("{} shipped from {}", units(sum(e.lines)), site_->text());
  }
  static std::string of(const domain::PickupCodeMinted&) {
    return "The customer was sent a pickup code";
  }
  static std::string of(const domain::PickupCodeRefused&) {
    return "Somebody gave a wrong pickup code";
  }
  std::string of(const domain::HandedOver& e) const {
    if (e.proof == domain::HandOverProof::kCode) {
      return fmt::format("{} handed over for the pickup code", units(sum(e.lines)));
    }
    return fmt::format("{} handed over without the code, {} let it pass: {}", units(sum(e.lines)),
                       person(e.approved_by), e.reason);
  }
  static std::string of(const domain::HandOverUndone&) {
    return "The hand-over was a mistake and was taken back";
  }
  std::string of(const domain::GroupUnitsCancelled& e) const {
    return fmt::format("{} cancelled {}", some(e.line, e.milli), by(e.reason));
  }
  std::string of(const domain::PutBackDone& e) const {
    return fmt::format("{} put back into {}", some(e.line, e.milli), e.to.text());
  }
  std::string of(const domain::UnitsReturned& e) const {
    return fmt::format("{} counted as returned", some(e.line, e.milli));
  }

  // ---- returns ----

  std::string of(const domain::ReturnTaken& e) const {
    std::string what;
    for (const domain::ReturnedLine& line : e.lines) {
      what += fmt::format("{}{} of {} ({})", what.empty() ? "" : ", ", line.quantity.text(),
                          line.name, in_words(name_of(line.condition)));
    }
    std::string text =
        fmt::format("Came back at {}: {}; refund {}", site_->text(), what, e.refund.text());
    if (!e.approved_by.value().is_nil()) {
      text += fmt::format(", {} agreed", person(e.approved_by));
    }
    return text;
  }
  std::string of(const domain::RefundContested& e) const {
    return fmt::format("The refund for {} is contested: it was refunded or cancelled before",
                       some(e.line, e.milli));
  }

  /// Products, sites, staff, devices, stock: of no order.
  template <class Other>
  static std::string of(const Other&) {
    const auto type = domain::find_event_type(Other::kTypeId);
    return type ? std::string(type->name) : std::string();
  }

 private:
  static std::string units(std::int64_t milli) {
    return milli == kMilliPerUnit ? std::string("1 unit") : milli_text(milli) + " units";
  }
  static std::string lines(std::size_t count) {
    return count == 1 ? std::string("1 line") : fmt::format("{} lines", count);
  }
  static std::int64_t sum(const std::vector<domain::LineUnits>& lines) {
    std::int64_t milli = 0;
    for (const domain::LineUnits& each : lines) milli += each.milli;
    return milli;
  }
  static std::string noted(const std::string& note) { return note.empty() ? "" : ": " + note; }
  /// "2 of Pencil".
  [[nodiscard]] std::string some(LineNo line, std::int64_t milli) const {
    const auto name = names_->articles.find(line);
    return name == names_->articles.end()
               ? fmt::format("{} of line {}", milli_text(milli), line.value())
               : fmt::format("{} of {}", milli_text(milli), name->second);
  }
  [[nodiscard]] std::string person(UserId user) const {
    const auto name = names_->people.find(user);
    return name == names_->people.end() ? std::string("somebody") : name->second;
  }
  static std::string from(const LocationCode& bin) {
    return bin.empty() ? std::string() : " from " + bin.text();
  }
  static std::string_view by(domain::CancelReason reason) {
    if (reason == domain::CancelReason::kAutoCancel) return "because it waited too long";
    return reason == domain::CancelReason::kCustomer ? "by the customer" : "by head office";
  }
  /// "NOT_IN_STOCK" as "not in stock".
  static std::string in_words(std::string_view name) {
    std::string words(name);
    std::ranges::transform(words, words.begin(), [](char c) {
      return c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return words;
  }

  const SiteId* site_;
  const SentenceNames* names_;
};

}  // namespace

std::string event_sentence(const domain::Event& event, const SiteId& site,
                           const SentenceNames& names) {
  const Sentence sentence(site, names);
  return std::visit(
      [&sentence](const auto& family) {
        return std::visit([&sentence](const auto& e) { return sentence.of(e); }, family);
      },
      event);
}

}  // namespace cairn::program
