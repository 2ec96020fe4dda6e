#pragma once
// Finds the route of a request. Built once, then read by all HTTP threads.

#include "core/runtime/http_server.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::runtime {

class PathPattern {
 public:
  using Parameters = std::map<std::string, std::string, std::less<>>;

  /// A malformed pattern is a bug.
  explicit PathPattern(std::string_view pattern);

  /// Adds the parameters; `segments` as split_path gives them.
  bool match(const std::vector<std::string>& segments, Parameters& parameters) const;
  /// One letter a segment; patterns that sort first are tried first, equal ones match the same
  /// paths.
  [[nodiscard]] std::string rank() const;

 private:
  enum class Kind { kLiteral, kOne, kRest };
  struct Segment {
    Kind kind;
    std::string text;  ///< Literal, or the parameter's name.
  };

  std::vector<Segment> segments_;
};

class RouteTable {
 public:
  /// A route or a stream route.
  struct Entry {
    Route route;
    PathPattern pattern;
    SseHub* hub = nullptr;  ///< Only on stream routes.
  };
  struct Found {
    const Entry* entry = nullptr;  ///< Null: no route for this path, or not for this method.
    PathPattern::Parameters parameters;
    std::string allow;  ///< The methods this path has; empty: the path is unknown.
  };

  RouteTable(std::vector<Route> routes, std::vector<StreamRoute> streams);

  [[nodiscard]] Found find(std::string_view method, const std::vector<std::string>& segments) const;
  /// Of all stream routes.
  [[nodiscard]] std::set<SseHub*> hubs() const;

 private:
  std::vector<Entry> entries_;
};

}  // namespace cairn::runtime
