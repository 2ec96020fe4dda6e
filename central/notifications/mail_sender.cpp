#include "central/notifications/mail_sender.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kMailThreads = 2;

domain::DeliveryOutcome outcome_of(runtime::MailOutcome::Kind kind) {
  using Kind = runtime::MailOutcome::Kind;
  switch (kind) {
    case Kind::kTaken:
      return domain::DeliveryOutcome::kTaken;
    case Kind::kRefusedNow:
      return domain::DeliveryOutcome::kNotNow;
    case Kind::kRefused:
      return domain::DeliveryOutcome::kNotEver;
    case Kind::kUnknown:
      break;
  }
  return domain::DeliveryOutcome::kUnknown;
}

}  // namespace

std::string host_of(const std::string& address) { return address.substr(address.rfind('@') + 1); }

MailSender::MailSender(Env env, MailSenderConfig config)
    : config_(std::move(config)), threads_(env, kMailThreads) {}

void MailSender::send(const Delivery& delivery, Answered answered) {
  runtime::Mail mail;
  mail.from_name = config_.from_name;
  mail.from = config_.from;
  mail.to = delivery.contact.email;
  mail.subject = delivery.message.subject;
  mail.message_id = fmt::format("<{}@{}>", delivery.id.text(), host_of(config_.from));
  mail.text = delivery.message.text;
  mail.html = delivery.message.html;
  threads_.run(
      delivery.id,
      [this, mail] {
        const auto outcome = runtime::send_mail(config_.server, mail);
        return DeliveryAnswer{outcome_of(outcome.kind), outcome.why};
      },
      answered);
}

}  // namespace cairn::central
