#pragma once
// A server that answers each connection with one prepared text and closes it.

#include "core/runtime/unique_fd.h"

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace cairn::runtime::test {

class CannedServer {
 public:
  /// One text for each connection it will take; none: it listens and stays silent.
  explicit CannedServer(std::vector<std::string> texts);
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;
  ~CannedServer();  ///< Waits until all texts are sent.

  /// "http://127.0.0.1:<port>"
  [[nodiscard]] std::string url() const;

 private:
  UniqueFd listener_;
  std::thread thread_;
};

}  // namespace cairn::runtime::test
