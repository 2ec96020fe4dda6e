#include "core/program/routes/page_routes.h"

#include <fmt/format.h>

namespace cairn::program {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

HttpResponse go_to(const std::string& place) {
  HttpResponse response{302, "text/plain; charset=utf-8", "", runtime::page_security_fields()};
  response.headers.emplace("Location", place);
  return response;
}

Result<HttpResponse> page(const Pages& pages, const HttpRequest& request) {
  if (!pages.files) {
    return fail(ErrorCode::kNotFound, "no_pages",
                "this program was started without its pages: build them with "
                "`cmake --build --preset release --target cairn_pages`, or set [ui] dir to the "
                "folder that has them; then start it again");
  }
  const std::string& path = request.parameter("path");
  if (path.empty()) return go_to(fmt::format("/ui/{}/", pages.home));
  return pages.files->answer(path, request);
}

Result<HttpResponse> icon(const Pages& pages, const HttpRequest& request) {
  constexpr std::string_view kIcon = "favicon.ico";
  if (pages.files && pages.files->has(kIcon)) return pages.files->answer(kIcon, request);
  return HttpResponse{204, "", "", {}};
}

}  // namespace

std::vector<runtime::Route> page_routes(const Pages& pages) {
  return {
      {"GET", "/", "",
       [pages](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
         return go_to(fmt::format("/ui/{}/", pages.home));
       }},
      {"GET", "/ui/{path...}", "",
       [pages](const HttpRequest& request, const Principal&) { return page(pages, request); }},
      {"GET", "/favicon.ico", "",
       [pages](const HttpRequest& request, const Principal&) { return icon(pages, request); }},
  };
}

}  // namespace cairn::program
