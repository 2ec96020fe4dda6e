#include "core/runtime/mail_client.h"

#include "core/runtime/detail/poco_time.h"
#include "core/runtime/system_clock.h"

#include <Poco/Base64Encoder.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/MailStream.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StringPartSource.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <sstream>
#include <string_view>
#include <utility>

namespace cairn::runtime {
namespace {

using Poco::Net::MailMessage;
using Poco::Net::StreamSocket;
using Poco::Net::StringPartSource;

constexpr std::size_t kAnswerLinesMost = 100;
constexpr std::size_t kAnswerLineMost = 4096;  // RFC 5321, 4.5.3.1.5 asks for 512

/// What ends a try, with what it means.
struct Refusal {
  MailOutcome outcome;
};

[[noreturn]] void refuse(MailOutcome::Kind kind, std::string why) {
  throw Refusal{{kind, std::move(why)}};
}

std::string base64(const std::string& octets) {
  std::ostringstream text;
  Poco::Base64Encoder encoder(text);
  encoder.rdbuf()->setLineLength(0);
  encoder << octets;
  encoder.close();
  return text.str();
}

/// One conversation. Poco's own session reads answers without an end: one that breaks off between
/// its lines, or goes on for ever, holds its thread for ever.
class MailSession {
 public:
  explicit MailSession(const MailServer& server)
      : server_(server), end_(clock_.mono_now() + server.session) {
    socket_.connect(Poco::Net::SocketAddress(server.host, server.port), timespan(patience()));
  }
  MailSession(const MailSession&) = delete;
  MailSession& operator=(const MailSession&) = delete;
  /// Whatever the server says to it: the message is taken, or not, before.
  ~MailSession() {
    if (!in_turn_) return;
    try {
      tell("QUIT\r\n");
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): nothing depends on it
    }
  }

  void greet() {
    expect_welcome(answer());
    introduce();
    if (server_.protection == MailServer::Protection::kStartTls) protect();
    if (!server_.user.empty()) sign_in();
  }

  /// Up to the server's "go on", after which the text follows.
  void announce(const Mail& mail) {
    ask(fmt::format("MAIL FROM:<{}>", mail.from), 2, "the sender's address");
    ask(fmt::format("RCPT TO:<{}>", mail.to), 2, "the receiver's address");
    ask("DATA", 3, "the message");
  }

  /// Nobody knows what became of it until this returns.
  int say(const std::string& text) {
    tell(text);
    return answer();
  }

 private:
  /// EHLO, and HELO to who does not know it (RFC 5321, 3.2).
  void introduce() {
    int status = command("EHLO " + server_.own_name);
    if (status / 100 == 5) status = command("HELO " + server_.own_name);
    expect_welcome(status);
  }

  static void expect_welcome(int status) {
    if (status / 100 == 2) return;
    refuse(MailOutcome::Kind::kRefusedNow,
           fmt::format("the mail server does not talk to the hub ({}): nothing was sent", status));
  }

  void protect() {
    if (command("STARTTLS") / 100 != 2) {
      refuse(MailOutcome::Kind::kRefusedNow,
             "the mail server does not offer STARTTLS: nothing was told to it");
    }
    unread_.clear();  // whoever said more than that said it unprotected
    using Poco::Net::Context;
    const Context::Ptr context(new Context(Context::TLS_CLIENT_USE, "", "", server_.ca_file,
                                           Context::VERIFY_STRICT, 9, server_.ca_file.empty()));
    in_turn_ = false;
    try {
      socket_ = Poco::Net::SecureStreamSocket::attach(socket_, server_.host, context);
    } catch (const Poco::Net::SSLException&) {
      refuse(MailOutcome::Kind::kRefusedNow,
             "the mail server's certificate is not one that the hub trusts for its name");
    }
    introduce();  // what it said before is void (RFC 3207, 4.2)
  }

  void sign_in() {
    const std::string nul(1, '\0');
    const std::string secret = nul + server_.user + nul + server_.password;
    if (command("AUTH PLAIN " + base64(secret)) / 100 == 2) return;
    refuse(MailOutcome::Kind::kRefusedNow,
           "the mail server does not let the hub sign in: see notifications.smtp.user");
  }

  void ask(const std::string& line, int wanted, std::string_view what) {
    const int status = command(line);
    if (status / 100 == wanted) return;
    refuse(status / 100 == 5 ? MailOutcome::Kind::kRefused : MailOutcome::Kind::kRefusedNow,
           fmt::format("the mail server refused {} ({})", what, status));
  }

  int command(const std::string& line) {
    tell(line + "\r\n");
    return answer();
  }

  void tell(std::string_view octets) {
    constexpr std::size_t kAtOnce = 4096;
    in_turn_ = false;
    while (!octets.empty()) {
      socket_.setSendTimeout(timespan(patience()));
      const auto size = static_cast<int>(std::min(octets.size(), kAtOnce));
      const int sent = socket_.sendBytes(octets.data(), size);
      if (sent <= 0) throw Poco::TimeoutException("nothing is taken");
      octets.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// The status of the next answer (RFC 5321, 4.2): three digits in each line, and '-' behind them
  /// in all but the last.
  int answer() {
    for (std::size_t lines = 0; lines < kAnswerLinesMost; ++lines) {
      const std::string line = next_line();
      const auto digits = std::string_view(line).substr(0, 3);
      const bool sound = digits.size() == 3 &&
                         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
      if (!sound) break;
      if (line.size() > 3 && line[3] == '-') continue;
      in_turn_ = true;
      return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    }
    throw Poco::Net::NetException("no answer of SMTP");
  }

  std::string next_line() {
    auto end = unread_.find('\n');
    while (end == std::string::npos) {
      if (unread_.size() > kAnswerLineMost) throw Poco::Net::NetException("a line without an end");
      std::array<char, 1024> octets{};
      socket_.setReceiveTimeout(timespan(patience()));
      const int got = socket_.receiveBytes(octets.data(), static_cast<int>(octets.size()));
      if (got <= 0) throw Poco::Net::ConnectionResetException("closed within an answer");
      unread_.append(octets.data(), static_cast<std::size_t>(got));
      end = unread_.find('\n');
    }
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

  /// How long the next step may take.
  Duration patience() const {
    const Duration left = end_ - clock_.mono_now();
    if (left <= Duration(0)) throw Poco::TimeoutException("it takes too long");
    return std::min(left, server_.timeout);
  }

  const MailServer& server_;
  SystemClock clock_;
  MonoTime end_;
  StreamSocket socket_;
  std::string unread_;
  bool in_turn_ = false;  ///< everything is answered
};

/// A quoted string (RFC 5322, 3.2.4), or an encoded word of what is not ASCII (RFC 2047).
std::string display_name(const std::string& name) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
  if (name.empty() || !std::ranges::all_of(name, plain)) return MailMessage::encodeWord(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

void write_into(MailMessage& message, const Mail& mail) {
  const std::string name = display_name(mail.from_name);
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

/// As it goes over the wire, with the line that ends it.
std::string octets_of(const Mail& mail) {
  MailMessage message;
  write_into(message, mail);
  std::ostringstream octets;
  Poco::Net::MailOutputStream lines(octets);
  message.write(lines);
  lines.close();
  return octets.str();
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
  const auto broke_off = [&telling](std::string_view how) {
    if (telling) {
      return MailOutcome{
          Kind::kUnknown,
          fmt::format("the mail server {} after it was told the text: it may have taken it", how)};
    }
    return MailOutcome{Kind::kRefusedNow, fmt::format("the mail server {}: nothing was sent", how)};
  };
  try {
    const std::string text = octets_of(mail);
    MailSession session(server);
    session.greet();
    session.announce(mail);
    telling = true;
    return outcome_of(session.say(text));
  } catch (const Refusal& refusal) {
    return refusal.outcome;
  } catch (const Poco::TimeoutException&) {
    return broke_off("did not answer in time");
  } catch (const std::exception&) {
    return broke_off("could not be talked to");
  }
}

}  // namespace cairn::runtime
