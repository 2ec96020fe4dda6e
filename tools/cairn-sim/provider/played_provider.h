#pragma once
// A payment provider that is played: it holds, takes and gives back money that does not exist, does
// each key once and remembers its answer. What goes wrong is told to it beforehand. Nothing of
// connections. Any thread: one lock around all of it.

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/json/value.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator {

/// What goes wrong with the next questions.
enum class ProviderFault : std::uint8_t {
  kNone,
  kAnswerLost,  ///< it does what is asked, and its answer never comes
  kNotDone,     ///< it breaks before it does anything: 500
  kGarbage,     ///< it does what is asked, and its answer is no JSON
  kDecline,     ///< it says no
  kExpired,     ///< it says that the authorisation is over
  kRefuse,      ///< 422: it does not understand
  kBusy,        ///< 429: come again
};
/// "none", "answer_lost", "not_done", "garbage", "decline", "expired", "refuse",
/// "busy".
/// Errors: kInvalid "bad_fault".
Result<ProviderFault> parse_provider_fault(std::string_view text);

struct ProviderReply {
  int status = 200;
  std::string body;
  bool lost = false;  ///< nothing of it arrives
};

class PlayedProvider {
 public:
  explicit PlayedProvider(const Clock& clock) : clock_(&clock) {}

  /// `path`: "authorizations", "captures", "voids" or "refunds". A token that begins with
  /// "tok_decline", and an amount that ends in 51, are declined; a token that ends in "_short" is
  /// held for two seconds only, others for a week.
  ProviderReply put(std::string_view path, const std::string& key, std::string_view body);
  /// The next `times` questions go wrong.
  void fail_next(ProviderFault fault, int times);

  /// Sums and counts: "held_minor", "captured_minor", "voided_minor", "refunded_minor", "asked"
  /// (questions, repetitions too), "done" (keys that moved something), "repeated".
  [[nodiscard]] json::Value sums() const;
  /// The settlement file: a header, then a line for each capture and refund in the order in which
  /// they were done: "type,reference,key,amount_minor,currency,settled_at". `wrong`: words, with
  /// commas between: "amount" (the first line has a cent more), "missing" (the last line is not
  /// there), "twice" (the first line is there once more), "unknown" (a line of nobody).
  [[nodiscard]] std::string settlement(std::string_view wrong = "") const;

 private:
  struct Held {
    std::int64_t minor = 0;
    std::int64_t captured = 0;
    std::map<std::string, std::int64_t> captures;  ///< what was not given back, by reference
    std::int64_t refunded = 0;
    std::string currency;
    UtcTime expires;
    bool over = false;  ///< given up, or the last was taken
  };
  struct Done {
    std::string path;
    std::string body;
    ProviderReply reply;
  };
  struct Settled {
    std::string type;
    std::string reference;
    std::string key;
    std::int64_t minor = 0;
    std::string currency;
    UtcTime at;
  };
  struct Question;

  ProviderReply answer(const Question& question, ProviderFault fault);
  ProviderReply authorize(const Question& question);
  ProviderReply capture(const Question& question, Held& held);
  ProviderReply give_up(Held& held);
  ProviderReply refund(const Question& question, Held& held);
  ProviderFault next_fault();
  std::string next_reference(std::string_view kind);

  mutable std::mutex mutex_;
  const Clock* clock_;
  std::map<std::string, Held> held_;  ///< by reference
  std::map<std::string, Done> done_;  ///< by key
  std::vector<Settled> settled_;
  std::vector<ProviderFault> faults_;  ///< the next one is the last
  std::uint64_t references_ = 0;
  std::int64_t asked_ = 0;
  std::int64_t repeated_ = 0;
  std::int64_t held_minor_ = 0;
  std::int64_t voided_minor_ = 0;
};

}  // namespace cairn::simulator
