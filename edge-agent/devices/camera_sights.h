#pragma once
// Which labels a page's camera has in front of it. A camera sees a label many times a second, a
// scanner reads it once: what it goes on seeing is one sight, and one sight is one scan. Pure; one
// thread at a time.

#include "core/base/time.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace cairn::agent {

class CameraSights {
 public:
  /// A code that pictures did not show for so long was taken away. One blurred picture is shorter.
  static constexpr Duration kGone = std::chrono::milliseconds(1500);
  /// The same where there were no pictures at all: slow ones are no reason to scan again.
  static constexpr Duration kForgotten = std::chrono::seconds(10);

  /// The station's camera took a picture that shows `codes`, and nothing else.
  void look(const std::string& station, const std::set<std::string>& codes, MonoTime now);
  /// True: `code`, which the station's camera sees at `now`, was not in sight: it is to be scanned.
  bool is_new(const std::string& station, const std::string& code, MonoTime now);
  /// The label was taken away: whatever the station's camera sees next is new.
  void lift(const std::string& station);
  /// Its scan came to nothing: it is new when it is seen again.
  void forget(const std::string& station, const std::string& code) {
    sights_.erase({station, code});
  }

 private:
  struct Sight {
    MonoTime seen{};      ///< last
    bool missed = false;  ///< a picture after that did not show it
  };

  static bool is_over(const Sight& sight, MonoTime now);

  /// By station and code.
  std::map<std::pair<std::string, std::string>, Sight> sights_;
};

}  // namespace cairn::agent
