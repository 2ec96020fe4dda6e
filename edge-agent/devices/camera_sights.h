#pragma once
// Which label a page's camera has in front of it. A camera sees a label many times a second, a
// scanner reads it once: what it goes on seeing is one sight, and one sight is one scan. Pure; one
// thread at a time.

#include "core/base/time.h"

#include <map>
#include <string>
#include <utility>

namespace cairn::agent {

class CameraSights {
 public:
  /// A code that was out of sight for longer is another label, or was lifted and put back.
  static constexpr Duration kGone = std::chrono::milliseconds(1500);

  /// Notes that the station's camera sees `code` at `now`. True: since it was seen last, kGone or
  /// more has passed, or it was never seen: it is to be scanned.
  bool is_new(const std::string& station, const std::string& code, MonoTime now);
  /// The code is seen beside others, so that it is not scanned: it stays the sight it was.
  void renew(const std::string& station, const std::string& code, MonoTime now);
  /// The label was taken away: whatever the station's camera sees next is new.
  void lift(const std::string& station);
  /// Its scan came to nothing: it is new when it is seen again.
  void forget(const std::string& station, const std::string& code) { seen_.erase({station, code}); }

 private:
  /// When each station's camera saw each code last; those that are gone are left out.
  std::map<std::pair<std::string, std::string>, MonoTime> seen_;
};

}  // namespace cairn::agent
