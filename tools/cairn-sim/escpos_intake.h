#pragma once
// Cuts the octets that an ESC/POS printer receives into what it acts on: what is to be printed,
// questions in order (GS r), questions at any time (DLE EOT), and impulses for the drawer. Commands
// are taken by their length, so that data which looks like a question is none. Pure, one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator {

class EscPosIntake {
 public:
  struct Arrival {
    enum class Kind : std::uint8_t {
      kPrinted,         ///< everything since the last question in order
      kProcessedAsked,  ///< GS r: to be answered when all before it is printed
      kStatusAsked,     ///< DLE EOT: at once
      kDrawer,          ///< ESC p
    };
    Kind kind = Kind::kPrinted;
    std::string octets;  ///< kPrinted
    int question = 0;    ///< kStatusAsked: 1 to 4
  };

  /// What was complete within `octets`, in order.
  std::vector<Arrival> feed(std::string_view octets);
  /// Forgets what is not complete.
  void reset();

 private:
  /// How many octets the command has that begins so; 0: not yet known.
  [[nodiscard]] std::size_t size_of_command() const;
  void act(std::vector<Arrival>& arrivals);

  std::string command_;  // the beginning of one
  std::string printed_;
};

}  // namespace cairn::simulator
