#pragma once
// What a printer does with the octets it is sent and what it says to them, beside its wire: one
// class for each language. Pure, one thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "tools/cairn-sim/printer_mechanism.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace cairn::simulator {

enum class PrinterLanguage : std::uint8_t { kZpl, kEpl, kEscPos };

/// "zpl", "epl", "escpos". Errors: kInvalid "bad_language".
Result<PrinterLanguage> parse_printer_language(std::string_view text);
/// As a printer lists it in its device id (IEEE 1284): "ZPL", "EPL", "ESC/POS".
std::string_view command_set_of(PrinterLanguage language);

class PrinterSpeech {
 public:
  PrinterSpeech() = default;
  PrinterSpeech(const PrinterSpeech&) = delete;
  PrinterSpeech& operator=(const PrinterSpeech&) = delete;
  virtual ~PrinterSpeech() = default;

  /// What it says at once to the next octets, answer by answer; what is whole goes to the printer.
  virtual std::vector<Bytes> hear(BytesView octets, PrinterMechanism& printer, MonoTime now) = 0;
  /// What it owed and says now, because all before the question is printed.
  virtual std::vector<Bytes> owed(const PrinterMechanism& /*printer*/) { return {}; }
  /// Forgets what is not complete, and what it owes.
  virtual void reset() = 0;
  /// For the cash drawer, so far.
  [[nodiscard]] virtual std::uint64_t impulses() const { return 0; }
};

std::unique_ptr<PrinterSpeech> make_printer_speech(PrinterLanguage language);

}  // namespace cairn::simulator
