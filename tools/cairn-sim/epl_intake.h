#pragma once
// Cuts the octets that an EPL2 printer receives into labels (Zebra, EPL2 Programmer's Manual
// 980352): commands are lines that end with LF, N clears the image, P prints it. Octets of a
// picture (GW) are taken by their number, so that data which looks like a command is none. Pure,
// one thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator {

class EplIntake {
 public:
  /// The labels that were complete within `octets`, in order, each from N to P.
  std::vector<std::string> feed(std::string_view octets);
  /// Forgets the image and what is not complete, as without power.
  void reset();

 private:
  /// The line is complete with its LF; that of a picture only behind its data.
  [[nodiscard]] bool ends_here() const;
  void act(std::vector<std::string>& labels);

  std::string line_;
  std::string image_;  // what was drawn since N; it stays there when it is printed
};

}  // namespace cairn::simulator
