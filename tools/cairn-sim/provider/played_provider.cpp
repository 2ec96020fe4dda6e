#include "tools/cairn-sim/provider/played_provider.h"

#include "core/json/reader.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::int64_t kMinorMost = 1'000'000'000'000;
constexpr std::int64_t kDeclinedCents = 51;
constexpr Duration kHeldFor = std::chrono::hours(24 * 7);
constexpr Duration kHeldShortly = std::chrono::seconds(2);

constexpr std::array<std::pair<ProviderFault, std::string_view>, 8> kProviderFaults = {{
    {ProviderFault::kNone, "none"},
    {ProviderFault::kAnswerLost, "answer_lost"},
    {ProviderFault::kNotDone, "not_done"},
    {ProviderFault::kGarbage, "garbage"},
    {ProviderFault::kDecline, "decline"},
    {ProviderFault::kExpired, "expired"},
    {ProviderFault::kRefuse, "refuse"},
    {ProviderFault::kBusy, "busy"},
}};

ProviderReply says(std::string_view outcome, std::string_view reference, std::string_view detail) {
  auto body = json::Value::object();
  body.set("outcome", outcome).set("reference", reference).set("detail", detail);
  return {200, body.dump(), false};
}

ProviderReply says_no(std::string_view detail) { return says("DECLINED", "", detail); }

ProviderReply refuses(int status, std::string_view why) {
  return {status, json::Value::object().set("detail", why).dump(), false};
}

}  // namespace

Result<ProviderFault> parse_provider_fault(std::string_view text) {
  for (const auto& [value, name] : kProviderFaults) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_fault",
              "a fault is none, answer_lost, not_done, garbage, decline, expired, refuse or busy");
}

/// As it was read.
struct PlayedProvider::Question {
  std::string path;
  std::string key;
  std::string token;
  std::string authorization;
  std::string capture;
  std::int64_t minor = 0;
  std::string currency;
  bool last = false;

  static Result<Question> read(std::string_view path, const std::string& key,
                               const json::Value& body) {
    json::Reader in(body);
    Question question;
    question.path = path;
    question.key = key;
    static_cast<void>(in.text("payment", {36, 36}));
    if (path == "authorizations") {
      question.token = in.text("token", {1, 128});
    } else {
      question.authorization = in.text("authorization", {1, 128});
    }
    if (path != "voids") {
      question.minor = in.integer("amount_minor", 1, kMinorMost);
      question.currency = in.text("currency", {3, 3});
    }
    if (path == "captures") question.last = in.boolean("last");
    if (path == "refunds") question.capture = in.text("capture", {1, 128});
    if (auto ok = in.done(); !ok) return fail(ok.error());
    return question;
  }
};

ProviderReply PlayedProvider::put(std::string_view path, const std::string& key,
                                  std::string_view body) {
  const std::scoped_lock lock(mutex_);
  ++asked_;
  const ProviderFault fault = next_fault();
  if (fault == ProviderFault::kNotDone) return refuses(500, "broken");
  if (fault == ProviderFault::kBusy) return refuses(429, "busy");
  if (key.empty()) return refuses(400, "no Idempotency-Key");
  auto before = done_.find(key);
  if (before != done_.end()) {
    if (before->second.path != path || before->second.body != body) {
      return refuses(422, "this key was another question's");
    }
    ++repeated_;
  } else {
    const auto value = json::parse(body);
    if (!value) return refuses(400, value.error().message);
    const auto question = Question::read(path, key, *value);
    if (!question) return refuses(400, question.error().message);
    const ProviderReply reply = answer(*question, fault);
    before = done_.emplace(key, Done{std::string(path), std::string(body), reply}).first;
  }
  ProviderReply reply = before->second.reply;
  if (fault == ProviderFault::kGarbage) reply.body = "<html>";
  reply.lost = fault == ProviderFault::kAnswerLost;
  return reply;
}

ProviderReply PlayedProvider::answer(const Question& question, ProviderFault fault) {
  if (fault == ProviderFault::kDecline) return says_no("as told");
  if (fault == ProviderFault::kRefuse) {
    ProviderReply reply = says("REFUSED", "", "as told");
    reply.status = 422;
    return reply;
  }
  if (fault == ProviderFault::kExpired) return says("EXPIRED", "", "as told");
  if (question.path == "authorizations") return authorize(question);
  const auto held = held_.find(question.authorization);
  if (held == held_.end()) return refuses(404, "no such authorization");
  if (question.path != "voids" && question.currency != held->second.currency) {
    return refuses(400, "another currency");
  }
  if (question.path == "captures") return capture(question, held->second);
  if (question.path == "voids") return give_up(held->second);
  if (question.path == "refunds") return refund(question, held->second);
  return refuses(404, "nothing is there");
}

ProviderReply PlayedProvider::authorize(const Question& question) {
  if (question.token.starts_with("tok_decline")) return says_no("insufficient_funds");
  if (question.minor % 100 == kDeclinedCents) return says_no("amount");
  const std::string reference = next_reference("auth");
  const Duration hold = question.token.ends_with("_short") ? kHeldShortly : kHeldFor;
  const UtcTime expires{clock_->utc_now().us + hold.count()};
  held_[reference] = {question.minor, 0, {}, 0, question.currency, expires, false};
  held_minor_ += question.minor;
  auto body = json::Value::object();
  body.set("outcome", "DONE").set("reference", reference).set("expires_at", expires.text());
  return {201, body.dump(), false};
}

ProviderReply PlayedProvider::capture(const Question& question, Held& held) {
  if (held.over) return says_no("over");
  if (held.expires <= clock_->utc_now()) return says("EXPIRED", "", "the time is over");
  if (question.minor > held.minor - held.captured) return says_no("more_than_held");
  held.captured += question.minor;
  held.over = question.last;
  const std::string reference = next_reference("capture");
  held.captures[reference] = question.minor;
  settled_.push_back(
      {"CAPTURE", reference, question.key, question.minor, held.currency, clock_->utc_now()});
  return says("DONE", reference, "");
}

ProviderReply PlayedProvider::give_up(Held& held) {
  if (!held.over) voided_minor_ += held.minor - held.captured;
  held.over = true;
  return says("DONE", next_reference("void"), "");
}

ProviderReply PlayedProvider::refund(const Question& question, Held& held) {
  const auto captured = held.captures.find(question.capture);
  if (captured == held.captures.end()) return says_no("no such capture");
  if (question.minor > captured->second) return says_no("more_than_captured");
  captured->second -= question.minor;
  held.refunded += question.minor;
  const std::string reference = next_reference("refund");
  settled_.push_back(
      {"REFUND", reference, question.key, question.minor, held.currency, clock_->utc_now()});
  return says("DONE", reference, "");
}

void PlayedProvider::fail_next(ProviderFault fault, int times) {
  const std::scoped_lock lock(mutex_);
  faults_.assign(static_cast<std::size_t>(times), fault);
}

ProviderFault PlayedProvider::next_fault() {
  if (faults_.empty()) return ProviderFault::kNone;
  const ProviderFault fault = faults_.back();
  faults_.pop_back();
  return fault;
}

std::string PlayedProvider::next_reference(std::string_view kind) {
  return fmt::format("{}_{}", kind, ++references_);
}

json::Value PlayedProvider::sums() const {
  const std::scoped_lock lock(mutex_);
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  for (const auto& [reference, held] : held_) {
    captured += held.captured;
    refunded += held.refunded;
  }
  return json::Value::object()
      .set("held_minor", held_minor_)
      .set("captured_minor", captured)
      .set("voided_minor", voided_minor_)
      .set("refunded_minor", refunded)
      .set("asked", asked_)
      .set("done", done_.size())
      .set("repeated", repeated_);
}

std::string PlayedProvider::settlement(std::string_view wrong) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Settled> lines = settled_;
  const auto is = [wrong](std::string_view word) {
    return wrong.find(word) != std::string_view::npos;
  };
  if (is("missing") && !lines.empty()) lines.pop_back();
  if (is("twice") && !lines.empty()) lines.push_back(lines.front());
  if (is("amount") && !lines.empty()) ++lines.front().minor;
  if (is("unknown")) {
    lines.push_back({"CAPTURE", "capture_of_nobody", "", 1, "GBP", clock_->utc_now()});
  }
  std::string text = "type,reference,key,amount_minor,currency,settled_at\n";
  for (const Settled& line : lines) {
    text += fmt::format("{},{},{},{},{},{}\n", line.type, line.reference, line.key, line.minor,
                        line.currency, line.at.text());
  }
  return text;
}

}  // namespace cairn::simulator
