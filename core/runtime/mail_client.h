#pragma once
// Hands one e-mail to a mail server by SMTP (RFC 5321), with STARTTLS (RFC 3207) where it is
// wanted. What became of it is said as exactly as the protocol allows: nothing is taken before the
// server has answered the end of the text. Blocks; any thread.

#include "core/base/time.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace cairn::runtime {

struct MailServer {
  enum class Protection : std::uint8_t {
    kNone,      ///< for a relay on the same machine
    kStartTls,  ///< nothing is told to a server that cannot prove its name
  };

  std::string host;
  std::uint16_t port = 25;
  Protection protection = Protection::kStartTls;
  std::string ca_file;                          ///< PEM; empty: the system's authorities
  std::string user;                             ///< empty: nobody signs in
  std::string password;                         ///< AUTH PLAIN (RFC 4616)
  std::string own_name;                         ///< said in EHLO
  Duration timeout = std::chrono::seconds(20);  ///< to connect, and for each answer
  Duration session = std::chrono::minutes(5);   ///< for all of it
};

/// Texts are UTF-8. `from`, `to` and `message_id` are ASCII without control characters.
struct Mail {
  std::string from_name;
  std::string from;
  std::string to;
  std::string subject;
  std::string message_id;  ///< "<local@domain>" (RFC 5322, 3.6.4)
  std::string text;
  std::string html;  ///< the same for readers that show it
};

struct MailOutcome {
  enum class Kind : std::uint8_t {
    kTaken,       ///< the server answers for it from now on
    kRefusedNow,  ///< not taken; later it may be: 4xx, no connection, no sign-in
    kRefused,     ///< not taken, and not to be sent again as it is: 5xx
    kUnknown,     ///< the text was being sent, and no answer to it came
  };
  Kind kind = Kind::kUnknown;
  std::string why;  ///< a sentence without what the server said: that may name the receiver
};

MailOutcome send_mail(const MailServer& server, const Mail& mail);

}  // namespace cairn::runtime
