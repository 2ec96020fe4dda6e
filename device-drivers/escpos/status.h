#pragma once
// What a receipt printer says of itself: the answers to DLE EOT 1 to 4 (one octet each) and the
// automatic status (ASB, GS a: four octets at each change). They come on one line in any order and
// are told apart by the bits that are always set or never (Epson, "DLE EOT", "GS a"). Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices {

struct EscPosStatus {
  bool offline = false;
  bool cover_open = false;
  bool paper_out = false;
  bool paper_near_end = false;
  bool cutter_error = false;
  bool needs_service = false;    ///< an error that no switching off mends
  bool recovers = false;         ///< an error that goes by itself: the head is too hot
  bool fed_by_key = false;       ///< somebody holds the feed key
  bool drawer_pin_high = false;  ///< whether that is open or closed differs with the drawer

  /// A sentence for a person: what keeps it from printing; empty: nothing.
  [[nodiscard]] std::string fault() const;
  friend bool operator==(const EscPosStatus&, const EscPosStatus&) = default;
};

/// Gathers both kinds out of the octets of the wire, however they are split. One thread.
class EscPosStatusReader {
 public:
  struct Heard {
    enum class Kind : std::uint8_t {
      kAnswer,     ///< to DLE EOT
      kAutomatic,  ///< ASB
      kProcessed,  ///< to GS r: everything before it is printed
    };
    Kind kind = Kind::kAnswer;
    EscPosStatus status;  ///< of an answer, only what its question is about is news
  };

  /// The question whose answer is to come; questions are asked one at a time.
  void expect(int question) { expected_ = question; }
  /// GS r was sent, behind a receipt or alone. Its answers come in the order of the questions.
  void expect_processed() { ++unanswered_; }
  /// How many of those have no answer yet.
  [[nodiscard]] int unanswered() const { return unanswered_; }
  /// They get none any more.
  void forget_processed() { unanswered_ = 0; }
  /// Everything that ends within the octets. XON, XOFF and what is no status are dropped.
  std::vector<Heard> feed(std::string_view octets);
  /// The wire was opened anew: half a status and a question to the old one are forgotten. What
  /// answers to GS r are to come is not.
  void reset();

 private:
  void read_answer(unsigned octet);
  void read_automatic();

  int expected_ = 0;    // 1 to 4; 0: none
  int unanswered_ = 0;  // to GS r
  std::array<unsigned, 4> block_{};
  std::size_t block_size_ = 0;
  EscPosStatus status_;
};

/// DLE EOT n, n from 1 to 4: printer, offline cause, error cause, paper.
std::string ask_status(int question);
/// GS r 1, taken in order with what is printed: its answer says that all before it is.
std::string ask_whether_processed();
/// GS a: tell every change by itself.
std::string ask_for_automatic_status();

}  // namespace cairn::devices
