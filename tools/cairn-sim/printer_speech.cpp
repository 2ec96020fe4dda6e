#include "tools/cairn-sim/printer_speech.h"

#include "core/base/utf8.h"
#include "tools/cairn-sim/epl_intake.h"
#include "tools/cairn-sim/escpos_intake.h"
#include "tools/cairn-sim/zpl_intake.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace cairn::simulator {
namespace {

class ZplSpeech final : public PrinterSpeech {
 public:
  std::vector<Bytes> hear(BytesView octets, PrinterMechanism& printer, MonoTime now) override {
    std::vector<Bytes> answers;
    for (auto& arrival : intake_.feed(octets)) {
      if (arrival.kind == ZplIntake::Arrival::Kind::kStatusAsked) {
        answers.push_back(printer.host_status(intake_.is_partial()));
      } else {
        printer.take(std::move(arrival.zpl), now);
      }
    }
    return answers;
  }
  void reset() override { intake_.reset(); }

 private:
  ZplIntake intake_;
};

/// EPL2 has no question that tells how a label is.
class EplSpeech final : public PrinterSpeech {
 public:
  std::vector<Bytes> hear(BytesView octets, PrinterMechanism& printer, MonoTime now) override {
    for (std::string& label : intake_.feed(octets)) printer.take(std::move(label), now);
    return {};
  }
  void reset() override { intake_.reset(); }

 private:
  EplIntake intake_;
};

class EscPosSpeech final : public PrinterSpeech {
 public:
  std::vector<Bytes> hear(BytesView octets, PrinterMechanism& printer, MonoTime now) override {
    using Kind = EscPosIntake::Arrival::Kind;
    std::vector<Bytes> answers;
    for (auto& arrival : intake_.feed(octets)) {
      switch (arrival.kind) {
        case Kind::kPrinted:
          printer.take(std::move(arrival.octets), now);
          break;
        case Kind::kProcessedAsked:
          ++owed_;
          break;
        case Kind::kStatusAsked:
          answers.emplace_back(1, printer.real_time_status(arrival.question));
          break;
        case Kind::kDrawer:
          ++impulses_;
          break;
      }
    }
    return answers;
  }
  std::vector<Bytes> owed(const PrinterMechanism& printer) override {
    if (printer.waiting() > 0 || printer.obstacles().any()) return {};
    return std::vector<Bytes>(std::exchange(owed_, 0), Bytes(1, '\0'));  // GS r 1: it has paper
  }
  void reset() override {
    intake_.reset();
    owed_ = 0;
  }
  [[nodiscard]] std::uint64_t impulses() const override { return impulses_; }

 private:
  EscPosIntake intake_;
  std::size_t owed_ = 0;  // answers to GS r
  std::uint64_t impulses_ = 0;
};

struct Language {
  std::string_view name;
  std::string_view command_set;
  PrinterLanguage language;
};
constexpr std::array<Language, 3> kLanguages{{
    {"zpl", "ZPL", PrinterLanguage::kZpl},
    {"epl", "EPL", PrinterLanguage::kEpl},
    {"escpos", "ESC/POS", PrinterLanguage::kEscPos},
}};

}  // namespace

Result<PrinterLanguage> parse_printer_language(std::string_view text) {
  for (const Language& known : kLanguages) {
    if (known.name == text) return known.language;
  }
  return fail(ErrorCode::kInvalid, "bad_language",
              fmt::format("its language is zpl, epl or escpos, and not \"{}\"", excerpt(text)));
}

std::string_view command_set_of(PrinterLanguage language) {
  for (const Language& known : kLanguages) {
    if (known.language == language) return known.command_set;
  }
  return {};
}

std::unique_ptr<PrinterSpeech> make_printer_speech(PrinterLanguage language) {
  switch (language) {
    case PrinterLanguage::kEpl:
      return std::make_unique<EplSpeech>();
    case PrinterLanguage::kEscPos:
      return std::make_unique<EscPosSpeech>();
    case PrinterLanguage::kZpl:
      break;
  }
  return std::make_unique<ZplSpeech>();
}

}  // namespace cairn::simulator
