#pragma once
// The names of things. UUIDs inside, text at the borders only.

#include "core/base/strong.h"
#include "core/base/uuid.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

using NodeId = Strong<struct NodeTag, Uuid>;  ///< One agent, or the hub.
using OrderId = Strong<struct OrderTag, Uuid>;
using ShipGroupId = Strong<struct ShipGroupTag, Uuid>;
using ReturnId = Strong<struct ReturnTag, Uuid>;
using ReservationId = Strong<struct ReservationTag, Uuid>;
using StockLeaseId = Strong<struct StockLeaseTag, Uuid>;
using PaymentId = Strong<struct PaymentTag, Uuid>;
using StoredValueId = Strong<struct StoredValueTag, Uuid>;  ///< A gift card, or store credit.
using UserId = Strong<struct UserTag, Uuid>;                ///< Nil: the system itself.
using SessionId = Strong<struct SessionTag, Uuid>;

/// Minted by a node at its first start and whenever its log cannot be continued (sync.md 2.2).
using Incarnation = Strong<struct IncarnationTag, std::uint64_t>;
/// The hub's generation; changes when the hub was restored with loss.
using HubGeneration = Strong<struct HubGenerationTag, std::uint64_t>;
/// Line number within an order, from 1; the channel's own number where it gave one.
using LineNo = Strong<struct LineNoTag, std::uint32_t>;

/// One event for ever: the `seq`-th record that `node` wrote in incarnation `inc`.
struct EventRef {
  NodeId node;
  Incarnation inc;
  std::uint64_t seq = 0;

  /// "node/inc/seq", inc as 16 hexadecimal digits.
  [[nodiscard]] std::string text() const;
  /// Errors: kInvalid "bad_event".
  static Result<EventRef> parse(std::string_view text);
  friend auto operator<=>(const EventRef&, const EventRef&) = default;
};

/// 16 hexadecimal digits, the text form of incarnations and hub generations.
std::string hex64(std::uint64_t value);

/// Short code of a place that runs agents, chosen by the operator: part of topics, URLs and files.
/// 1-32 characters: lower-case letters, digits and dashes, a letter or digit first.
class SiteId {
 public:
  SiteId() = default;  ///< Empty: head office, no site.
  /// Errors: kInvalid "bad_site_id".
  static Result<SiteId> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend auto operator<=>(const SiteId&, const SiteId&) = default;

 private:
  std::string text_;
};

/// The merchant's own article number: 1-64 printable ASCII characters without blanks at the ends.
class Sku {
 public:
  Sku() = default;
  /// Errors: kInvalid "bad_sku".
  static Result<Sku> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  friend auto operator<=>(const Sku&, const Sku&) = default;

 private:
  std::string text_;
};

/// A place inside a site that holds stock, e.g. "A-01-03"; same form as a SKU.
class LocationCode {
 public:
  LocationCode() = default;  ///< Empty: outside the site (received from, issued to).
  /// Errors: kInvalid "bad_location".
  static Result<LocationCode> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend auto operator<=>(const LocationCode&, const LocationCode&) = default;

 private:
  std::string text_;
};

}  // namespace cairn

template <>
struct std::hash<cairn::SiteId> {
  std::size_t operator()(const cairn::SiteId& id) const {
    return std::hash<std::string>{}(id.text());
  }
};

template <>
struct std::hash<cairn::Sku> {
  std::size_t operator()(const cairn::Sku& sku) const {
    return std::hash<std::string>{}(sku.text());
  }
};
