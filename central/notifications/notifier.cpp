#include "central/notifications/notifier.h"

#include "core/storage/order_contacts.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

constexpr std::size_t kMessagesAtOnce = 8;
constexpr Duration kPauseAfterFailure = std::chrono::seconds(10);  // of the disk

struct TakenUp {
  std::size_t unknown = 0;
  Authors unseen;
};

/// The first that is due, and all that belong to its message. What was tried once stays as it is:
/// who has taken it without saying so knows its id, and would drop what came under it later.
std::vector<storage::Notification> due_message(std::vector<storage::Notification> pending,
                                               UtcTime now) {
  const auto due = std::ranges::find_if(
      pending, [now](const storage::Notification& each) { return each.next_at <= now; });
  if (due == pending.end()) return {};
  std::erase_if(pending, [message = due->message](const storage::Notification& each) {
    return each.message != message;
  });
  return pending;
}

}  // namespace

Notifier::Notifier(Env env, storage::Writer& writer, storage::Connection& connection,
                   const MessageTemplates& templates, Senders senders, NotifierConfig config)
    : env_(env),
      writer_(&writer),
      connection_(&connection),
      templates_(&templates),
      senders_(senders),
      config_(config) {}

Result<> Notifier::start() {
  writer_->on_commit([this](const storage::Changes& changes) {
    if (!changes.authors.empty()) follow(changes.authors);
  });
  return env_.executor.post([this] {
    take_up();
    look_for_delayed();
  });
}

void Notifier::take_up() {
  writer_->submit<TakenUp>(
      [](storage::UnitOfWork& work) -> Result<TakenUp> {
        const std::size_t unknown = storage::give_up_sending(
            work.connection(),
            "the hub stopped while it was being sent: it may have arrived. Ask the shopper, or "
            "send it again");
        return TakenUp{unknown, begin_to_look(work)};
      },
      [this](const Result<TakenUp>& taken) {
        if (!taken) {
          env_.log.error("notifications_not_taken_up", {{"why", taken.error().message}});
          env_.executor.after(kPauseAfterFailure, [this] { take_up(); });
          return;
        }
        if (taken->unknown > 0) {
          env_.log.warn("notifications_unknown",
                        {{"notifications", std::to_string(taken->unknown)}});
        }
        follow(taken->unseen);
        look_later();
      });
}

/// One job at a time: it takes what others commit meanwhile, too.
void Notifier::follow(const Authors& authors) {
  to_follow_.insert(authors.begin(), authors.end());
  if (following_ || to_follow_.empty()) return;
  following_ = true;
  const Authors taken = std::exchange(to_follow_, {});
  writer_->submit<LookedAt>(
      [taken, rules = config_.rules](storage::UnitOfWork& work) -> Result<LookedAt> {
        return look_at_log(work, taken, rules);
      },
      [this, taken](const Result<LookedAt>& looked) {
        following_ = false;
        if (looked) {
          follow(looked->more ? taken : Authors{});
          return;
        }
        env_.log.error("notifications_not_made", {{"why", looked.error().message}});
        env_.executor.after(kPauseAfterFailure, [this, taken] { follow(taken); });
      });
}

void Notifier::look_for_delayed() {
  env_.executor.after(config_.delayed_look, [this] { look_for_delayed(); });
  writer_->submit<std::size_t>(
      [rules = config_.rules](storage::UnitOfWork& work) -> Result<std::size_t> {
        return note_delayed(work, rules);
      },
      [this](const Result<std::size_t>& made) {
        if (made) return;
        env_.log.error("delays_not_looked_for", {{"why", made.error().message}});
      });
}

void Notifier::look_later() {
  env_.executor.after(config_.look, [this] {
    look();
    look_later();
  });
}

void Notifier::look() {
  if (busy_.size() >= kMessagesAtOnce) return;
  try {
    for (const OrderId order :
         storage::orders_to_notify(*connection_, env_.clock.utc_now(), kMessagesAtOnce)) {
      if (busy_.size() >= kMessagesAtOnce) break;
      if (!busy_.contains(order)) claim(order);
    }
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("notifications_not_read", {{"why", failure.message}});
  }
}

Result<std::optional<Notifier::Claimed>> Notifier::claim_pending(storage::UnitOfWork& work,
                                                                 OrderId order) {
  storage::fail_stale(work.connection(), order, {work.now().us - domain::kDeliveryPatience.count()},
                      "it was noted more than 72 hours ago: too old to be news");
  const auto told =
      due_message(storage::pending_notifications(work.connection(), order), work.now());
  if (told.empty()) return std::nullopt;
  const auto contact = storage::order_contact(work.connection(), order);
  auto notice = notice_of(work.connection(), told);
  if (!contact || !notice) {
    storage::fail_pending(work.connection(), order, "there is nobody to be told of the order");
    return std::nullopt;
  }
  std::uint32_t tries = 0;
  for (const storage::Notification& each : told) tries = std::max(tries, each.attempts);
  const storage::Notification& first = told.front();
  const Uuid message = first.message.value_or(first.id);
  storage::begin_sending(work.connection(), order, first.message, message);
  return Claimed{message, first.made_at, tries + 1, *contact, *std::move(notice)};
}

/// Nothing leaves before this is on the disk.
void Notifier::claim(OrderId order) {
  busy_[order] = ++serials_;
  writer_->submit<std::optional<Claimed>>(
      [order](storage::UnitOfWork& work) { return claim_pending(work, order); },
      [this, order](const Result<std::optional<Claimed>>& claimed) {
        if (claimed && *claimed) {
          send(order, **claimed);
          return;
        }
        busy_.erase(order);
        if (claimed) return;
        env_.log.error("notification_not_begun",
                       {{"order", order.value().text()}, {"why", claimed.error().message}});
      });
}

void Notifier::send(OrderId order, const Claimed& claimed) {
  const std::uint64_t serial = busy_[order];
  const bool by_mail = claimed.contact.channel == domain::NoticeChannel::kEmail;
  Sender* const sender = by_mail ? senders_.mail : senders_.webhook;
  if (sender == nullptr) {
    answered(order, serial, claimed,
             {domain::DeliveryOutcome::kNotNow,
              by_mail ? "no mail server is configured: set notifications.smtp"
                      : "no receiver is configured: set notifications.webhook"});
    return;
  }
  env_.executor.after(config_.patience, [this, order, serial, claimed] {
    answered(order, serial, claimed,
             {domain::DeliveryOutcome::kUnknown, "nobody said what became of it in time"});
  });
  sender->send({claimed.message, claimed.contact, claimed.notice,
                templates_->render(claimed.notice, claimed.contact.language)},
               [this, order, serial, claimed](const DeliveryAnswer& answer) {
                 answered(order, serial, claimed, answer);
               });
}

void Notifier::answered(OrderId order, std::uint64_t serial, const Claimed& claimed,
                        const DeliveryAnswer& answer) {
  const auto busy = busy_.find(order);
  if (busy == busy_.end() || busy->second != serial) return;
  busy->second = ++serials_;  // nothing that comes later is about it
  keep(order, claimed, answer);
}

void Notifier::keep(OrderId order, const Claimed& claimed, const DeliveryAnswer& answer) {
  writer_->submit<bool>(
      [claimed, answer](storage::UnitOfWork& work) -> Result<bool> {
        const UtcTime now = work.now();
        storage::end_sending(work.connection(), claimed.message,
                             {domain::state_after(answer.outcome, claimed.made_at, now),
                              answer.why,
                              now,
                              {now.us + domain::pause_before_retry(claimed.tries).count()}});
        return true;
      },
      [this, order, claimed, answer](const Result<bool>& kept) {
        if (kept) {
          busy_.erase(order);
          return;
        }
        env_.log.error("notification_not_kept", {{"why", kept.error().message}});
        env_.executor.after(kPauseAfterFailure,
                            [this, order, claimed, answer] { keep(order, claimed, answer); });
      });
}

}  // namespace cairn::central
