#include "core/runtime/mail_client.h"

#include "core/runtime/detail/poco_time.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/MailStream.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/SocketStream.h>
#include <Poco/Net/StringPartSource.h>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace cairn::runtime {
namespace {

using Poco::Net::MailMessage;
using Poco::Net::SMTPClientSession;
using Poco::Net::StringPartSource;

/// What ends a try, with what it means.
struct Refusal {
  MailOutcome outcome;
};

[[noreturn]] void refuse(MailOutcome::Kind kind, std::string why) {
  throw Refusal{{kind, std::move(why)}};
}

Poco::Net::StreamSocket connect(const MailServer& server) {
  Poco::Net::StreamSocket socket;
  socket.connect(Poco::Net::SocketAddress(server.host, server.port), timespan(server.timeout));
  socket.setReceiveTimeout(timespan(server.timeout));
  socket.setSendTimeout(timespan(server.timeout));
  return socket;
}

/// Poco's own session sends a message as a whole: it does not tell what was refused from what
/// nobody knows of.
class MailSession final : public SMTPClientSession {
 public:
  explicit MailSession(const MailServer& server)
      : SMTPClientSession(connect(server)), server_(server) {}

  void greet() {
    login(server_.own_name);
    if (server_.protection == MailServer::Protection::kStartTls) protect();
    if (!server_.user.empty()) sign_in();
  }

  /// Up to the server's "go on", after which the text follows.
  void announce(const Mail& mail) {
    ask("MAIL FROM:", fmt::format("<{}>", mail.from), 2, "the sender's address");
    ask("RCPT TO:", fmt::format("<{}>", mail.to), 2, "the receiver's address");
    ask("DATA", "", 3, "the message");
  }

  /// Nobody knows what became of it until this returns.
  int say(const MailMessage& message) {
    Poco::Net::SocketOutputStream octets(socket());
    Poco::Net::MailOutputStream lines(octets);
    message.write(lines);
    lines.close();
    octets.flush();
    std::string said;
    return socket().receiveStatusMessage(said);
  }

  /// The message is taken, whatever comes after.
  void leave() {
    try {
      close();
    } catch (const Poco::Exception&) {  // NOLINT(bugprone-empty-catch): nothing depends on it
    }
  }

 private:
  void protect() {
    std::string said;
    if (!isPositiveCompletion(sendCommand("STARTTLS", said))) {
      refuse(MailOutcome::Kind::kRefusedNow,
             "the mail server does not offer STARTTLS: nothing was told to it");
    }
    using Poco::Net::Context;
    const Context::Ptr context(new Context(Context::TLS_CLIENT_USE, "", "", server_.ca_file,
                                           Context::VERIFY_STRICT, 9, server_.ca_file.empty()));
    try {
      socket() = Poco::Net::SecureStreamSocket::attach(socket(), server_.host, context);
    } catch (const Poco::Net::SSLException&) {
      refuse(MailOutcome::Kind::kRefusedNow,
             "the mail server's certificate is not one that the hub trusts for its name");
    }
    login(server_.own_name);  // what it said before is void (RFC 3207, 4.2)
  }

  void sign_in() {
    try {
      login(server_.own_name, AUTH_PLAIN, server_.user, server_.password);
    } catch (const Poco::Net::SMTPException&) {
      refuse(MailOutcome::Kind::kRefusedNow,
             "the mail server does not let the hub sign in: see notifications.smtp.user");
    }
  }

  void ask(const std::string& command, const std::string& argument, int wanted,
           std::string_view what) {
    std::string said;
    const int status =
        argument.empty() ? sendCommand(command, said) : sendCommand(command + argument, said);
    if (status / 100 == wanted) return;
    refuse(
        isPermanentNegative(status) ? MailOutcome::Kind::kRefused : MailOutcome::Kind::kRefusedNow,
        fmt::format("the mail server refused {} ({})", what, status));
  }

  const MailServer& server_;
};

void write_into(MailMessage& message, const Mail& mail) {
  const std::string name = MailMessage::encodeWord(mail.from_name);
  message.setSender(name.empty() ? mail.from : fmt::format("{} <{}>", name, mail.from));
  message.addRecipient({Poco::Net::MailRecipient::PRIMARY_RECIPIENT, mail.to});
  message.setSubject(MailMessage::encodeWord(mail.subject));
  message.set("Message-ID", mail.message_id);
  message.set("Auto-Submitted", "auto-generated");  // RFC 3834: no machine answers it
  message.setContentType("multipart/alternative");
  const auto add = [&message](const std::string& text, const std::string& type) {
    message.addPart("", new StringPartSource(text, type), MailMessage::CONTENT_INLINE,
                    MailMessage::ENCODING_QUOTED_PRINTABLE);  // the message owns it
  };
  add(mail.text, "text/plain; charset=UTF-8");
  add(mail.html, "text/html; charset=UTF-8");
}

/// The server's answer to the whole text.
MailOutcome outcome_of(int status) {
  using Kind = MailOutcome::Kind;
  switch (status / 100) {
    case 2:
      return {Kind::kTaken, ""};
    case 4:
      return {Kind::kRefusedNow,
              fmt::format("the mail server would not take the text now ({})", status)};
    case 5:
      return {Kind::kRefused, fmt::format("the mail server refused the text ({})", status)};
    default:
      return {Kind::kUnknown, "the mail server gave no clear answer to the text"};
  }
}

}  // namespace

MailOutcome send_mail(const MailServer& server, const Mail& mail) {
  using Kind = MailOutcome::Kind;
  bool telling = false;
  try {
    MailMessage message;
    write_into(message, mail);
    MailSession session(server);
    session.greet();
    session.announce(mail);
    telling = true;
    const MailOutcome outcome = outcome_of(session.say(message));
    session.leave();
    return outcome;
  } catch (const Refusal& refusal) {
    return refusal.outcome;
  } catch (const Poco::Exception& e) {
    const bool late = dynamic_cast<const Poco::TimeoutException*>(&e) != nullptr;
    const std::string_view how = late ? "did not answer in time" : "could not be talked to";
    if (telling) {
      return {
          Kind::kUnknown,
          fmt::format("the mail server {} after it was told the text: it may have taken it", how)};
    }
    return {Kind::kRefusedNow, fmt::format("the mail server {}: nothing was sent", how)};
  }
}

}  // namespace cairn::runtime
