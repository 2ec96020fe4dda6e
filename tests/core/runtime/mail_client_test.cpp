// Mail servers that are sound, broken, slow or mean. What a try ends with has to be true, and it
// has to end.

#include "core/runtime/mail_client.h"

#include "tests/core/runtime/support/mail_server.h"
#include "tests/support/catch.h"

#include <chrono>
#include <string>

namespace cairn::runtime::mail_client_test {
namespace {

using Kind = MailOutcome::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ScriptedMailServer;

const ScriptedMailServer::Script kSound{"220-mail.example\r\n220 ready\r\n",
                                        "250-mail.example\r\n250 8BITMIME\r\n",
                                        "250 sender\r\n",
                                        "250 receiver\r\n",
                                        "354 go on\r\n",
                                        "250 taken\r\n"};

/// The first `answers` of them.
ScriptedMailServer::Script sound(std::size_t answers) {
  return {kSound.begin(), kSound.begin() + static_cast<std::ptrdiff_t>(answers)};
}

Mail mail(const std::string& from_name = "Shop") {
  return {from_name,          "orders@shop.example", "a@example.com", "Subject",
          "<1@shop.example>", "text\n.\n",           "<p>text</p>"};
}

MailServer at(const ScriptedMailServer& server) {
  MailServer to;
  to.host = "127.0.0.1";
  to.port = server.port();
  to.protection = MailServer::Protection::kNone;
  to.own_name = "shop.example";
  return to;
}

MailOutcome send_to(const ScriptedMailServer& server) { return send_mail(at(server), mail()); }

TEST_CASE("mail client: a message is told as the protocol wants it", "[runtime][mail]") {
  ScriptedMailServer server(kSound);
  MailServer to = at(server);
  const auto outcome = send_mail(to, mail());
  CHECK(outcome.kind == Kind::kTaken);
  const std::string& heard = server.heard();
  CHECK(
      heard.starts_with("EHLO shop.example\r\nMAIL FROM:<orders@shop.example>\r\n"
                        "RCPT TO:<a@example.com>\r\nDATA\r\n"));
  CHECK(heard.find("Message-ID: <1@shop.example>\r\n") != std::string::npos);
  CHECK(heard.ends_with("\r\n.\r\nQUIT\r\n"));
}

TEST_CASE("mail client: who signs in does it once, after it introduced itself", "[runtime][mail]") {
  auto script = kSound;
  script.insert(script.begin() + 2, "235 welcome\r\n");
  ScriptedMailServer server(script);
  MailServer to = at(server);
  to.user = "u";
  to.password = "p";
  CHECK(send_mail(to, mail()).kind == Kind::kTaken);
  CHECK(server.heard().starts_with("EHLO shop.example\r\nAUTH PLAIN AHUAcA==\r\nMAIL FROM:"));
}

TEST_CASE("mail client: a shop's name is one name, whatever is in it", "[runtime][mail]") {
  const auto from = [](const std::string& name) {
    ScriptedMailServer server(kSound);
    CHECK(send_mail(at(server), mail(name)).kind == Kind::kTaken);
    const std::string& heard = server.heard();
    const auto start = heard.find("From: ");
    return heard.substr(start, heard.find("\r\n", start) - start);
  };
  CHECK(from("Shop") == "From: \"Shop\" <orders@shop.example>");
  CHECK(from("Fish, Chips; <Co>: @home") ==
        "From: \"Fish, Chips; <Co>: @home\" <orders@shop.example>");
  CHECK(from(R"(The "Best" \o/)") == R"(From: "The \"Best\" \\o/" <orders@shop.example>)");
  CHECK(from("H\xC3\xA4"
             "fen, Co")
            .starts_with("From: =?UTF-8?"));
  CHECK(from("") == "From: orders@shop.example");
}

TEST_CASE("mail client: refusals are told apart", "[runtime][mail]") {
  const auto refused_at = [](std::size_t answer, const std::string& says) {
    auto script = sound(answer);
    script.push_back(says);
    const ScriptedMailServer server(script);
    return send_to(server);
  };
  CHECK(refused_at(0, "554 go away\r\n").kind == Kind::kRefusedNow);
  CHECK(refused_at(2, "451 later\r\n").kind == Kind::kRefusedNow);
  CHECK(refused_at(3, "550-no such\r\n550 user\r\n").why ==
        "the mail server refused the receiver's address (550)");
  CHECK(refused_at(3, "550 no such user\r\n").kind == Kind::kRefused);
  CHECK(refused_at(5, "451 later\r\n").kind == Kind::kRefusedNow);
  CHECK(refused_at(5, "554 spam\r\n").kind == Kind::kRefused);
}

TEST_CASE("mail client: an answer that breaks off ends the try", "[runtime][mail][hostile]") {
  for (std::size_t answer = 0; answer < kSound.size(); ++answer) {
    CAPTURE(answer);
    auto script = sound(answer);
    script.emplace_back(answer == 4 ? "354-x\r\n" : "250-x\r\n");
    const ScriptedMailServer server(script);
    const auto outcome = send_to(server);
    CHECK(outcome.kind == (answer == 5 ? Kind::kUnknown : Kind::kRefusedNow));
  }
}

TEST_CASE("mail client: an answer without an end ends the try", "[runtime][mail][hostile]") {
  for (const std::string says : {"250-and\r\n", "250-and so on", "\r\n", "hello\r\n"}) {
    for (const std::size_t answer : {0U, 1U, 5U}) {
      CAPTURE(says, answer);
      auto script = sound(answer);
      script.push_back(says);
      const ScriptedMailServer server(script, says);
      CHECK(send_to(server).kind == (answer == 5 ? Kind::kUnknown : Kind::kRefusedNow));
    }
  }
}

TEST_CASE("mail client: a server that trickles does not hold it for ever",
          "[runtime][mail][hostile]") {
  for (const std::size_t answer : {0U, 1U, 5U}) {
    CAPTURE(answer);
    auto script = sound(answer);
    script.emplace_back("2");
    const ScriptedMailServer server(script, "5", milliseconds(20));
    MailServer to = at(server);
    to.session = milliseconds(500);
    const auto outcome = send_mail(to, mail());
    CHECK(outcome.kind == (answer == 5 ? Kind::kUnknown : Kind::kRefusedNow));
    CHECK(outcome.why.starts_with("the mail server did not answer in time"));
  }
}

}  // namespace
}  // namespace cairn::runtime::mail_client_test
