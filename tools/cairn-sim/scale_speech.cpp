#include "tools/cairn-sim/scale_speech.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace cairn::simulator {
namespace {

using State = ScaleMechanism::State;
using Said = ScaleSpeech::Said;

constexpr char kStx = '\x02';
constexpr char kEtx = '\x03';
constexpr char kEot = '\x04';
constexpr char kEnq = '\x05';
constexpr char kAck = '\x06';
constexpr char kDc1 = '\x11';
constexpr char kNak = '\x15';
constexpr char kEsc = '\x1b';

/// "-0.050", with so many digits before the point.
std::string kilograms(std::int64_t grams, int whole) {
  const std::int64_t size = grams < 0 ? -grams : grams;
  return fmt::format("{}{:0{}}.{:03}", grams < 0 ? "-" : "", size / 1000, whole, size % 1000);
}

/// Gathers what comes up to an end.
class Line {
 public:
  explicit Line(char end) : end_(end) {}
  std::optional<std::string> take(char octet) {
    constexpr std::size_t kMost = 64;
    if (octet == end_) return std::exchange(text_, {});
    if (text_.size() < kMost) text_.push_back(octet);
    return std::nullopt;
  }

 private:
  const char end_;
  std::string text_;
};

char check_of(std::string_view octets) {
  char check = 0;
  for (const char octet : octets) check = static_cast<char>(check ^ octet);
  return check;
}

// ---- Mettler Toledo 8217 ----

class Toledo final : public ScaleSpeech {
 public:
  Said hear(char octet, ScaleMechanism& scale, MonoTime now) override {
    switch (octet) {
      case 'W':
        if (const auto grams = scale.grams(now)) {
          const std::string_view net = scale.is_net() ? "N" : "";
          return {fmt::format("{}{}{}\r", kStx, kilograms(*grams, 2), net), true};
        }
        return {fmt::format("{}?{}\r", kStx, status(scale, now)), true};
      case 'Z':
        scale.zero(now);
        break;
      case 'T':
        scale.tare(now);
        break;
      case 'C':
        scale.clear_tare();
        break;
      default:
        return {};
    }
    return {fmt::format("{}?{}\r", kStx, status(scale, now)), false};
  }

 private:
  static char status(const ScaleMechanism& scale, MonoTime now) {
    constexpr unsigned kInMotion = 1U << 0U;
    constexpr unsigned kOverCapacity = 1U << 1U;
    constexpr unsigned kUnderZero = 1U << 2U;
    constexpr unsigned kCentreOfZero = 1U << 4U;
    constexpr unsigned kAlways = 1U << 6U;
    switch (scale.state(now)) {
      case State::kMoving:
        return static_cast<char>(kAlways | kInMotion);
      case State::kOver:
        return static_cast<char>(kAlways | kOverCapacity);
      case State::kUnder:
        return static_cast<char>(kAlways | kUnderZero);
      case State::kStable:
        break;
    }
    return static_cast<char>(scale.grams(now) == 0 ? kAlways | kCentreOfZero : kAlways);
  }
};

// ---- NCI, SCP-01 ----

class Nci final : public ScaleSpeech {
 public:
  Said hear(char octet, ScaleMechanism& scale, MonoTime now) override {
    const auto command = line_.take(octet);
    if (!command) return {};
    if (command == "Z") scale.zero(now);
    if (command == "W" || command == "S" || command == "Z") {
      const auto grams = scale.grams(now);
      const std::string weight =
          command == "W" && grams ? fmt::format("{:>8}kg\r\n", kilograms(*grams, 1)) : "";
      return {fmt::format("\n{}{}\r{}", weight, status(scale, now), kEtx), command == "W"};
    }
    return {fmt::format("\n?\r{}", kEtx), false};
  }

 private:
  static std::string_view status(const ScaleMechanism& scale, MonoTime now) {
    switch (scale.state(now)) {
      case State::kMoving:
        return "10";
      case State::kOver:
        return "02";
      case State::kUnder:
        return "01";
      case State::kStable:
        break;
    }
    return scale.grams(now) == 0 ? "20" : "00";
  }

  Line line_{'\r'};
};

// ---- MT-SICS ----

class Sics final : public ScaleSpeech {
 public:
  Said hear(char octet, ScaleMechanism& scale, MonoTime now) override {
    auto command = line_.take(octet);
    if (!command) return {};
    if (command->ends_with('\r')) command->pop_back();
    if (command == "SI") return {weight(scale, now), true};
    if (command == "Z") return {fmt::format("Z {}\r\n", scale.zero(now) ? 'A' : 'I'), false};
    if (command == "T") {
      const bool done = scale.tare(now);
      return {done ? fmt::format("T S {:>10} kg\r\n", kilograms(scale.tare_grams(), 1)) : "T I\r\n",
              false};
    }
    if (command == "TAC") {
      scale.clear_tare();
      return {"TAC A\r\n", false};
    }
    return {"ES\r\n", false};
  }

 private:
  static std::string weight(const ScaleMechanism& scale, MonoTime now) {
    switch (scale.state(now)) {
      case State::kMoving:
        return fmt::format("S D {:>10} kg\r\n", kilograms(scale.load_grams(), 1));
      case State::kOver:
        return "S +\r\n";
      case State::kUnder:
        return "S -\r\n";
      case State::kStable:
        break;
    }
    return fmt::format("S S {:>10} kg\r\n", kilograms(scale.load_grams(), 1));
  }

  Line line_{'\n'};
};

// ---- CAS ----

class Cas final : public ScaleSpeech {
 public:
  Said hear(char octet, ScaleMechanism& scale, MonoTime now) override {
    const State state = scale.state(now);
    const bool ready = state == State::kStable || state == State::kMoving;
    if (octet == kEnq) return {Bytes(1, ready ? kAck : kNak), true};
    if (octet != kDc1 || !ready) return {};
    const std::string text =
        fmt::format("{} {}kg", state == State::kStable ? 'S' : 'U',
                    kilograms(std::max<std::int64_t>(scale.load_grams(), 0), 2));
    return {fmt::format("\x01{}{}{}{}{}", kStx, text, check_of(text), kEtx, kEot), false};
  }
};

class CasStream final : public ScaleSpeech {
 public:
  Said hear(char /*octet*/, ScaleMechanism& /*scale*/, MonoTime /*now*/) override { return {}; }
  [[nodiscard]] std::optional<Duration> every() const override {
    return std::chrono::milliseconds(100);
  }
  Bytes talk(const ScaleMechanism& scale, MonoTime now) override {
    const State state = scale.state(now);
    const std::int64_t grams = scale.load_grams();
    constexpr char kLamps = '\xc0';
    const bool net = scale.is_net();
    return fmt::format("{},{},1{},{}{:>7} kg\r\n",
                       state == State::kOver     ? "OL"
                       : state == State::kMoving ? "US"
                                                 : "ST",
                       net ? "NT" : "GS", kLamps, grams < 0 ? '-' : '+',
                       kilograms(grams < 0 ? -grams : grams, 1));
  }
};

// ---- Dibal ----

class Dibal final : public ScaleSpeech {
 public:
  Said hear(char octet, ScaleMechanism& scale, MonoTime now) override {
    constexpr std::size_t kPriceSize = 8;
    auto price = line_.take(octet);
    if (!price) return {};
    if (price->ends_with('\r')) price->pop_back();
    if (price->size() != kPriceSize || !price->starts_with("98") || check_of(*price) != 0) {
      return {};  // eight characters whose last is the exclusive or of the seven before it
    }
    const auto grams = scale.grams(now);
    const std::string text = fmt::format("99{}{:05}0000000", grams ? 0 : 1,
                                         std::max<std::int64_t>(grams.value_or(0), 0));
    return {fmt::format("{}{}\r\n", text, check_of(text)), true};
  }

 private:
  Line line_{'\n'};
};

// ---- Dialog 06 ----

class Dialog06 final : public ScaleSpeech {
 public:
  Said hear(char octet, ScaleMechanism& scale, MonoTime now) override {
    if (octet == kEot) {
      record_.clear();
      in_record_ = false;
      called_ = true;
      return {};
    }
    if (in_record_) {
      if (octet != kEtx) {
        record_.push_back(octet);
        return {};
      }
      in_record_ = false;
      return answer(scale, now);
    }
    if (!std::exchange(called_, false)) return {};
    if (octet == kEnq) return {give(scale, now), true};
    in_record_ = octet == kStx;
    return {};
  }

 private:
  Said answer(const ScaleMechanism& scale, MonoTime now) const {
    const std::string price = fmt::format("01{}", kEsc);
    if (record_.starts_with(price)) return {Bytes(1, kAck), false};
    if (record_ != "08") return {Bytes(1, kNak), false};
    return {fmt::format("{}09{}{}{}", kStx, kEsc, status(scale, now), kEtx), false};
  }

  /// Each weight once, and none of nothing.
  Bytes give(const ScaleMechanism& scale, MonoTime now) {
    const auto grams = scale.grams(now);
    if (!grams || *grams == 0 || given_ == scale.moved()) return Bytes(1, kNak);
    given_ = scale.moved();
    return fmt::format("{0}02{1}3{1}{2:05}{1}000001{1}000000{3}", kStx, kEsc, *grams, kEtx);
  }

  [[nodiscard]] std::string_view status(const ScaleMechanism& scale, MonoTime now) const {
    switch (scale.state(now)) {
      case State::kMoving:
        return "20";
      case State::kOver:
        return "32";
      case State::kUnder:
        return "31";
      case State::kStable:
        break;
    }
    return scale.grams(now) == 0 ? "30" : "21";
  }

  bool called_ = false;
  bool in_record_ = false;
  std::string record_;
  std::uint64_t given_ = 0;
};

template <class Speech>
std::unique_ptr<ScaleSpeech> make() {
  return std::make_unique<Speech>();
}

struct Entry {
  std::string_view name;
  std::unique_ptr<ScaleSpeech> (*make)();
};

constexpr std::array<Entry, 7> kSpeeches{{{"toledo", &make<Toledo>},
                                          {"nci", &make<Nci>},
                                          {"sics", &make<Sics>},
                                          {"cas", &make<Cas>},
                                          {"cas-stream", &make<CasStream>},
                                          {"dibal", &make<Dibal>},
                                          {"dialog06", &make<Dialog06>}}};

}  // namespace

Result<std::unique_ptr<ScaleSpeech>> make_scale_speech(std::string_view protocol) {
  for (const Entry& entry : kSpeeches) {
    if (entry.name == protocol) return entry.make();
  }
  return fail(ErrorCode::kInvalid, "bad_protocol",
              fmt::format("\"{}\" is none of toledo, nci, sics, cas, cas-stream, dibal, dialog06",
                          excerpt(protocol)));
}

}  // namespace cairn::simulator
