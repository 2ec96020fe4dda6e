#include "central/payments/provider_desk.h"

#include "central/payments/payment_book.h"
#include "core/storage/projections/payments.h"

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

/// What stands in the log already need not be written again.
bool is_news(const domain::Payment& payment, const domain::PaymentAnswered& answer) {
  const domain::PaymentQuestion* const open = payment.open_question();
  if (open == nullptr || open->asked.no != answer.no) return false;
  return answer.outcome != domain::PaymentOutcome::kUnknown || !open->answer;
}

using Read = Result<std::optional<domain::Payment>>;

/// Errors: kInternal "payment_not_read" (the disk does not give it).
Read read(storage::Connection& connection, PaymentId id, Log& log) {
  try {
    return storage::find_payment(connection, id);
  } catch (const storage::SqlFailure& failure) {
    log.error("payment_not_read", {{"payment", id.value().text()}, {"why", failure.message}});
    return fail(ErrorCode::kInternal, "payment_not_read", failure.message);
  }
}

/// `tries`: how often it is put, this time too.
ProviderQuestion question_of(const domain::Payment& payment, std::uint32_t tries) {
  const domain::PaymentQuestion& open = *payment.open_question();
  return {domain::idempotency_key(payment, open), payment.opened.payment, open.asked,
          payment.opened.token, tries > 1 || open.unknown > 0};
}

}  // namespace

ProviderDesk::ProviderDesk(Env env, storage::Writer& writer, storage::Connection& connection,
                           Provider* provider, ProviderDeskConfig config)
    : env_(env), writer_(&writer), connection_(&connection), provider_(provider), config_(config) {}

Result<> ProviderDesk::start() {
  writer_->on_commit([this](const storage::Changes& changes) {
    for (const PaymentId id : changes.payments) look(id);
  });
  return env_.executor.post([this] {
    take_up();
    look_for_expired();
  });
}

void ProviderDesk::take_up() {
  using Ids = std::vector<PaymentId>;
  writer_->submit<Ids>(
      [](storage::UnitOfWork& work) { return note_interrupted(work); },
      [this](const Result<Ids>& noted) {
        if (!noted) {
          env_.log.error("payments_not_taken_up", {{"why", noted.error().message}});
          env_.executor.after(config_.longest_pause, [this] { take_up(); });
          return;
        }
        if (!noted->empty()) {
          env_.log.warn("payments_in_question", {{"payments", std::to_string(noted->size())}});
        }
        for (const PaymentId id : *noted) look(id);
      });
}

/// A payment changed, or is to be looked at again.
void ProviderDesk::look(PaymentId id) {
  const Read found = read(*connection_, id, env_.log);
  if (!found) {
    env_.executor.after(config_.longest_pause, [this, id] { look(id); });
    return;
  }
  const std::optional<domain::Payment>& payment = *found;
  const domain::PaymentQuestion* const open = payment ? payment->open_question() : nullptr;
  const bool ours = open != nullptr && payment->opened.tender == domain::Tender::kCard;
  const auto turn = turns_.find(id);
  if (!ours) {
    if (turn != turns_.end()) turns_.erase(turn);
    return;
  }
  if (turn != turns_.end() && turn->second.no == open->asked.no) return;  // it has its turn
  turns_[id] = {open->asked.no, 0, 0};
  if (provider_ != nullptr) ask(id);
}

void ProviderDesk::ask(PaymentId id) {
  const Read found = read(*connection_, id, env_.log);
  Turn& turn = turns_[id];
  if (!found) {
    later(id, turn);
    return;
  }
  const std::optional<domain::Payment>& payment = *found;
  if (!payment || payment->open_question() == nullptr) return;
  turn.serial = ++serials_;
  ++turn.tries;
  const std::uint64_t serial = turn.serial;
  env_.executor.after(config_.patience, [this, id, serial, no = turn.no] {
    answered(id, serial,
             {no, domain::PaymentOutcome::kUnknown, "", "the provider did not answer", {}});
  });
  provider_->ask(
      question_of(*payment, turn.tries),
      [this, id, serial](const domain::PaymentAnswered& answer) { answered(id, serial, answer); });
}

void ProviderDesk::later(PaymentId id, Turn& turn) {
  turn.serial = ++serials_;
  env_.executor.after(pause_after(turn.tries), [this, id, serial = turn.serial] {
    const auto waiting = turns_.find(id);
    if (waiting != turns_.end() && waiting->second.serial == serial) ask(id);
  });
}

/// Certain answers count however late they come; an uncertain one only if nothing was begun since.
void ProviderDesk::answered(PaymentId id, std::uint64_t serial,
                            const domain::PaymentAnswered& answer) {
  const auto turn = turns_.find(id);
  if (turn == turns_.end() || turn->second.no != answer.no) return;
  const bool unknown = answer.outcome == domain::PaymentOutcome::kUnknown;
  if (unknown && turn->second.serial != serial) return;
  if (unknown) later(id, turn->second);
  keep(id, answer);
}

void ProviderDesk::keep(PaymentId id, const domain::PaymentAnswered& answer) {
  const Read found = read(*connection_, id, env_.log);
  if (found && (!*found || !is_news(**found, answer))) return;
  writer_->submit<bool>(
      [id, answer](storage::UnitOfWork& work) -> Result<bool> {
        if (auto ok = answer_payment(work, id, answer); !ok) return fail(ok.error());
        return true;
      },
      [this, id](const Result<bool>& kept) {
        if (kept || kept.error().reason == "not_asked") return;  // a later answer was first
        env_.log.error("payment_answer_not_kept",
                       {{"payment", id.value().text()}, {"why", kept.error().message}});
        const auto turn = turns_.find(id);
        if (turn != turns_.end()) later(id, turn->second);  // the same answer comes again
      });
}

void ProviderDesk::look_for_expired() {
  writer_->submit<std::size_t>(
      [pause = config_.renewal_pause](storage::UnitOfWork& work) {
        return renew_authorizations(work, pause);
      },
      [this](const Result<std::size_t>& expired) {
        if (!expired) env_.log.error("payments_not_expired", {{"why", expired.error().message}});
        env_.executor.after(config_.expiry_look, [this] { look_for_expired(); });
      });
}

Duration ProviderDesk::pause_after(std::uint32_t tries) const {
  Duration pause = config_.first_pause;
  for (std::uint32_t each = 1; each < tries && pause < config_.longest_pause; ++each) pause *= 2;
  return std::min(pause, config_.longest_pause);
}

}  // namespace cairn::central
