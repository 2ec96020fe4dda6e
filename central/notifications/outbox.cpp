#include "central/notifications/outbox.h"

#include "core/crypto/hash.h"
#include "core/storage/log_reader.h"
#include "core/storage/order_contacts.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/payments.h"
#include "core/storage/quarantine.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::central {
namespace {

using domain::NotificationKind;
using storage::Notification;
using storage::UnitOfWork;

constexpr std::size_t kRecordsAtOnce = 500;
constexpr std::size_t kDelayedAtOnce = 200;
constexpr std::string_view kOnce = "once";  // the cause of what an order has one of

/// A record of the log with what is needed to tell of it.
struct Seen {
  EventRef ref;
  UtcTime at;
  Uuid subject;  ///< the order, ship group or payment that its key names
};

class CauseReader {
 public:
  CauseReader(UnitOfWork& work, const OutboxRules& rules) : work_(&work), rules_(rules) {}

  [[nodiscard]] std::size_t made() const { return made_; }

  void note(const Seen& seen, const domain::Event& event) {
    std::visit([this, &seen](const auto& of_one_kind) { look(seen, of_one_kind); }, event);
  }

  /// Whatever record of the group came last: a pick, the end of what was still open, or one that
  /// lets a pick of before take effect.
  void note_ready(ShipGroupId id) {
    const domain::ShipGroup& group = work_->replica().ship_group(id);
    if (group.method == domain::FulfilmentMethod::kPickup &&
        group.status() == domain::ShipGroupStatus::kReady) {
      add({.order = group.order, .kind = NotificationKind::kReady, .group = id}, id.value().text());
    }
  }

 private:
  template <class Other>
  void look(const Seen&, const Other&) {}

  void look(const Seen& seen, const domain::OrderEvent& event) {
    const OrderId order(seen.subject);
    if (std::holds_alternative<domain::OrderPlaced>(event)) {
      add({.order = order, .kind = NotificationKind::kConfirmed}, kOnce);
    }
    if (const auto* const cancelled = std::get_if<domain::OrderUnitsCancelled>(&event)) {
      add({.order = order,
           .kind = NotificationKind::kCancelled,
           .line = cancelled->line,
           .milli = cancelled->milli},
          seen.ref.text());
    }
  }

  void look(const Seen& seen, const domain::ShipGroupEvent& event) {
    const ShipGroupId id(seen.subject);
    const domain::ShipGroup& group = work_->replica().ship_group(id);
    const OrderId order = group.order;
    const bool pickup = group.method == domain::FulfilmentMethod::kPickup;
    if (const auto* const cancelled = std::get_if<domain::GroupUnitsCancelled>(&event)) {
      add({.order = order,
           .kind = NotificationKind::kCancelled,
           .line = cancelled->line,
           .milli = cancelled->milli},
          seen.ref.text());
    }
    if (const auto* const shorted = std::get_if<domain::LineShorted>(&event); shorted && pickup) {
      add({.order = order,
           .kind = NotificationKind::kRejectedWithChoices,
           .line = shorted->line,
           .milli = shorted->milli,
           .group = id},
          seen.ref.text());
    }
  }

  void look(const Seen& seen, const domain::PaymentEvent& event) {
    const auto* const answered = std::get_if<domain::PaymentAnswered>(&event);
    if (answered == nullptr) return;
    const auto payment = storage::find_payment(work_->connection(), PaymentId(seen.subject));
    if (!payment) return;
    const auto question = std::ranges::find_if(
        payment->questions, [answered](const auto& each) { return each.asked.no == answered->no; });
    if (question == payment->questions.end() || !question->done() ||
        question->asked.action != domain::PaymentAction::kRefund) {
      return;
    }
    add({.order = payment->opened.order,
         .kind = NotificationKind::kRefunded,
         .amount = question->asked.amount},
        fmt::format("{}/{}", seen.subject.text(), answered->no));
  }

  void add(Notification fresh, std::string_view cause) {
    if (!storage::order_contact(work_->connection(), fresh.order)) return;
    fresh.id = notification_id(fresh.order, fresh.kind, cause);
    fresh.made_at = work_->now();
    fresh.next_at = {fresh.made_at.us + rules_.digest.count()};
    if (storage::save_notification(work_->connection(), fresh)) ++made_;
  }

  UnitOfWork* work_;
  const OutboxRules& rules_;
  std::size_t made_ = 0;
};

/// What a record tells, if it is one that a notice may follow from.
std::optional<domain::Event> telling_event(const wire::Record& record) {
  constexpr std::array kTelling = {
      domain::OrderPlaced::kTypeId, domain::OrderUnitsCancelled::kTypeId,
      domain::LineShorted::kTypeId, domain::GroupUnitsCancelled::kTypeId,
      domain::PaymentAnswered::kTypeId};
  if (std::ranges::find(kTelling, record.type) == kTelling.end()) return std::nullopt;
  auto event = wire::decode_event(record.type, record.sv, record.payload);
  if (!event) return std::nullopt;
  return *std::move(event);
}

bool is_of_group(const wire::Record& record) {
  return record.key.front() == static_cast<char>(domain::AggregateKind::kShipGroup);
}

void look_at(UnitOfWork& work, const storage::LogRow& row, CauseReader& reader, UtcTime oldest) {
  const auto record = wire::decode_record(row.record);
  if (!record || record->key.size() < 1 + Uuid::kSize || record->hlc.utc() < oldest) return;
  const auto subject = Uuid::from_bytes(BytesView(record->key).substr(1, Uuid::kSize));
  const auto event = telling_event(*record);
  const bool of_group = is_of_group(*record);
  if (!subject || (!event && !of_group)) return;
  if (storage::quarantined(work.connection(), row.ref)) return;  // it has no effect
  if (of_group) reader.note_ready(ShipGroupId(*subject));
  if (event) reader.note({row.ref, record->hlc.utc(), *subject}, *event);
}

bool is_finished(storage::Connection& connection, OrderId order) {
  std::vector<domain::LineProgress> lines;
  for (const auto& row : storage::order_lines(connection, order)) lines.push_back(row.progress);
  return domain::status_of(lines) != domain::OrderStatus::kApproved;
}

bool note_once(UnitOfWork& work, OrderId order, NotificationKind kind, Duration pause) {
  Notification fresh{.order = order, .kind = kind};
  fresh.id = notification_id(order, kind, kOnce);
  fresh.made_at = work.now();
  fresh.next_at = {fresh.made_at.us + pause.count()};
  return storage::save_notification(work.connection(), fresh);
}

}  // namespace

Uuid notification_id(OrderId order, NotificationKind kind, std::string_view cause) {
  const Bytes octets(reinterpret_cast<const char*>(order.value().octets().data()), Uuid::kSize);
  return crypto::derived_uuid("notification", {octets, name_of(kind), cause});
}

Result<> set_contact(UnitOfWork& work, OrderId order, const domain::OrderContact& contact,
                     const OutboxRules& rules) {
  if (auto ok = validate(contact); !ok) return fail(ok.error());
  if (!storage::find_order(work.connection(), order)) {
    return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  }
  storage::save_order_contact(work.connection(), order, contact);
  if (!is_finished(work.connection(), order)) {
    note_once(work, order, NotificationKind::kConfirmed, rules.digest);
  }
  return {};
}

Result<> erase_contact(UnitOfWork& work, OrderId order) {
  if (!storage::erase_order_contact(work.connection(), order)) {
    return fail(ErrorCode::kNotFound, "no_such_contact",
                "nobody is told of this order: there is no contact to erase");
  }
  storage::fail_pending(work.connection(), order, "the contact of the order was erased");
  return {};
}

Authors begin_to_look(UnitOfWork& work) {
  if (storage::begin_looking(work.connection())) return {};
  Authors authors;
  for (const EventRef& seen : storage::unseen_authors(work.connection())) {
    authors.emplace(seen.node, seen.inc);
  }
  return authors;
}

LookedAt look_at_log(UnitOfWork& work, const Authors& authors, const OutboxRules& rules) {
  storage::Connection& connection = work.connection();
  CauseReader reader(work, rules);
  const UtcTime oldest{work.now().us - rules.news_for.count()};
  std::size_t left = kRecordsAtOnce;
  for (const auto& [node, inc] : authors) {
    const EventRef seen{node, inc, storage::seen_of(connection, node, inc)};
    const auto rows = storage::author_rows(connection, seen, left);
    for (const storage::LogRow& row : rows) look_at(work, row, reader, oldest);
    if (!rows.empty()) storage::note_seen(connection, rows.back().ref);
    left -= rows.size();
    if (left == 0) return {reader.made(), true};
  }
  return {reader.made(), false};
}

std::size_t note_delayed(UnitOfWork& work, const OutboxRules& rules) {
  if (rules.delayed_after == Duration(0)) return 0;
  const UtcTime before{work.now().us - rules.delayed_after.count()};
  std::size_t made = 0;
  for (const OrderId order : storage::orders_waiting_untold(
           work.connection(), before, NotificationKind::kDelayed, kDelayedAtOnce)) {
    if (note_once(work, order, NotificationKind::kDelayed, rules.digest)) ++made;
  }
  return made;
}

}  // namespace cairn::central
