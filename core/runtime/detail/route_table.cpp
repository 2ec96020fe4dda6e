#include "core/runtime/detail/route_table.h"

#include "core/base/assert.h"
#include "core/runtime/detail/percent.h"

#include <algorithm>
#include <tuple>

namespace cairn::runtime {
namespace {

bool answers(const RouteTable::Entry& entry, std::string_view method) {
  return entry.route.method == (method == "HEAD" ? "GET" : method);
}

/// "GET, HEAD, POST" from the methods of all routes that match a path.
std::string allow_of(const std::set<std::string_view>& methods) {
  std::string allow;
  for (const std::string_view method : methods) {
    if (!allow.empty()) allow += ", ";
    allow += method;
    if (method == "GET") allow += ", HEAD";
  }
  return allow;
}

}  // namespace

PathPattern::PathPattern(std::string_view pattern) {
  auto parts = split_path(pattern);
  CAIRN_ASSERT(parts.has_value(), "a pattern is an absolute path");
  std::set<std::string> names;
  for (std::string& part : *parts) {
    CAIRN_ASSERT(segments_.empty() || segments_.back().kind != Kind::kRest, "{name...} is last");
    const bool parameter = part.starts_with('{') && part.ends_with('}');
    if (!parameter) {
      CAIRN_ASSERT(part.find_first_of("{}") == std::string::npos, "a parameter is a whole segment");
      segments_.push_back({Kind::kLiteral, std::move(part)});
      continue;
    }
    std::string name = part.substr(1, part.size() - 2);
    const Kind kind = name.ends_with("...") ? Kind::kRest : Kind::kOne;
    if (kind == Kind::kRest) name.resize(name.size() - 3);
    CAIRN_ASSERT(!name.empty() && names.insert(name).second, "parameters have names of their own");
    segments_.push_back({kind, std::move(name)});
  }
}

bool PathPattern::match(const std::vector<std::string>& segments, Parameters& parameters) const {
  std::size_t i = 0;
  for (const Segment& wanted : segments_) {
    if (wanted.kind == Kind::kRest) {
      std::string& rest = parameters[wanted.text];
      for (const std::size_t first = i; i < segments.size(); ++i) {
        // An escaped slash would make a/..%2F.. look like one harmless segment.
        if (segments[i].find('/') != std::string::npos) return false;
        if (i != first) rest += '/';
        rest += segments[i];
      }
      return true;
    }
    if (i == segments.size()) return false;
    const std::string& segment = segments[i++];
    if (wanted.kind == Kind::kLiteral && segment != wanted.text) return false;
    if (wanted.kind == Kind::kOne && segment.empty()) return false;
    if (wanted.kind == Kind::kOne) parameters[wanted.text] = segment;
  }
  return i == segments.size();
}

std::string PathPattern::rank() const {
  std::string rank;
  for (const Segment& segment : segments_) {
    rank += '/';
    rank += segment.kind == Kind::kLiteral ? "a" + segment.text
            : segment.kind == Kind::kOne   ? "b"
                                           : "c";
  }
  return rank;
}

RouteTable::RouteTable(std::vector<Route> routes, std::vector<StreamRoute> streams) {
  for (Route& route : routes) {
    CAIRN_ASSERT(route.handler != nullptr, "a route has a handler");
    PathPattern pattern(route.pattern);
    entries_.push_back({std::move(route), std::move(pattern), nullptr});
  }
  for (StreamRoute& stream : streams) {
    CAIRN_ASSERT(stream.hub != nullptr, "a stream route has a hub");
    PathPattern pattern(stream.pattern);
    Route route{"GET", std::move(stream.pattern), std::move(stream.permission), nullptr, 0};
    entries_.push_back({std::move(route), std::move(pattern), stream.hub});
  }
  const auto key = [](const Entry& entry) {
    return std::tuple(entry.pattern.rank(), entry.route.method);
  };
  std::ranges::sort(entries_, {}, key);
  CAIRN_ASSERT(std::ranges::adjacent_find(entries_, {}, key) == entries_.end(),
               "two routes claim the same requests");
}

RouteTable::Found RouteTable::find(std::string_view method,
                                   const std::vector<std::string>& segments) const {
  std::set<std::string_view> methods;
  for (const Entry& entry : entries_) {
    PathPattern::Parameters parameters;
    if (!entry.pattern.match(segments, parameters)) continue;
    if (answers(entry, method)) return {&entry, std::move(parameters), {}};
    methods.insert(entry.route.method);
  }
  return {nullptr, {}, allow_of(methods)};
}

std::set<SseHub*> RouteTable::hubs() const {
  std::set<SseHub*> hubs;
  for (const Entry& entry : entries_) {
    if (entry.hub != nullptr) hubs.insert(entry.hub);
  }
  return hubs;
}

}  // namespace cairn::runtime
