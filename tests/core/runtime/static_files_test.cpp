#include "core/runtime/static_files.h"

#include "core/runtime/detail/accepted_encodings.h"
#include "tests/core/runtime/support/test_server.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdlib.h>

namespace cairn::runtime::static_files_test {
namespace {

namespace fs = std::filesystem;
using test::get;
using test::RawResponse;
using test::TestServer;

/// A folder of its own, gone with the test.
struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "cairn-pages-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    root = name;
    path = root / "pages";
    fs::create_directory(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(root); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }

  fs::path root;
  fs::path path;
};

const std::string kScript = "assets/app-1a2b.js";

/// What a build writes, in small, and a secret beside it.
void write_pages(const Folder& folder) {
  folder.write("handheld/index.html", "<title>handheld</title>");
  folder.write("hq/index.html", "<title>hq</title>");
  folder.write("hq/index.html.br", "hq in brotli");
  folder.write(kScript, "script");
  folder.write(kScript + ".br", "script in brotli");
  folder.write(kScript + ".gz", "script in gzip");
  folder.write("assets/only-3c4d.css", "style");
  folder.write("assets/only-3c4d.css.gz", "style in gzip");
  folder.write("assets/icon-5e6f.svg", "<svg/>");
  folder.write("assets/font-7a8b.woff2", "font");
  folder.write("assets/orphan.br", "nothing is called orphan");
  folder.write("favicon.ico", "icon");
  std::ofstream(folder.root / "secret.txt") << "secret";
}

struct Site {
  Site() {
    write_pages(folder);
    files = StaticFiles::load(folder.path).value();
  }

  [[nodiscard]] Result<HttpResponse> ask(std::string_view path, HeaderFields headers = {}) const {
    HttpRequest request;
    request.method = "GET";
    request.headers = std::move(headers);
    return files.answer(path, request);
  }
  [[nodiscard]] HttpResponse have(std::string_view path, HeaderFields headers = {}) const {
    return ask(path, std::move(headers)).value();
  }

  Folder folder;
  StaticFiles files;
};

TEST_CASE("static files: every kind has its content type", "[runtime][pages]") {
  const Site site;
  const auto type = [&site](std::string_view path) { return site.have(path).content_type; };
  CHECK(type("hq/index.html") == "text/html; charset=utf-8");
  CHECK(type(kScript) == "text/javascript; charset=utf-8");
  CHECK(type("assets/only-3c4d.css") == "text/css; charset=utf-8");
  CHECK(type("assets/icon-5e6f.svg") == "image/svg+xml");
  CHECK(type("assets/font-7a8b.woff2") == "font/woff2");
  CHECK(type("favicon.ico") == "image/x-icon");
  CHECK(type("assets/orphan.br") == "application/octet-stream");
}

TEST_CASE("static files: assets are kept for ever, pages are asked for again", "[runtime][pages]") {
  const Site site;
  CHECK(site.have(kScript).header("Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(site.have("hq/index.html").header("Cache-Control") == "no-cache");
  CHECK(site.have("favicon.ico").header("Cache-Control") == "no-cache");
}

TEST_CASE("static files: who has a page by its tag is not sent it again", "[runtime][pages]") {
  const Site site;
  const auto first = site.have("hq/index.html");
  const std::string tag = first.header("ETag").value();
  CHECK(tag.front() == '"');  // strong
  for (const std::string& known :
       {tag, "W/" + tag, "\"a\", " + tag + " , \"b\"", std::string("*")}) {
    CAPTURE(known);
    const auto again = site.have("hq/index.html", {{"If-None-Match", known}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.header("ETag") == tag);
    CHECK(again.header("Cache-Control") == "no-cache");
    CHECK(again.header("Vary") == "Accept-Encoding");
    CHECK(again.header("Content-Security-Policy").has_value());
  }
  for (const std::string& other :
       {std::string("\"0\""), tag.substr(1), std::string(), std::string(", ,")}) {
    CAPTURE(other);
    CHECK(site.have("hq/index.html", {{"If-None-Match", other}}).status == 200);
  }
  CHECK(site.have("hq/index.html", {{"If-None-Match", "\"a\""}, {"If-None-Match", tag}}).status ==
        304);
}

TEST_CASE("static files: each encoding has a tag of its own", "[runtime][pages]") {
  const Site site;
  const auto tag = [&site](const std::string& accepted) {
    return site.have(kScript, {{"Accept-Encoding", accepted}}).header("ETag").value();
  };
  CHECK(tag("br") != tag("gzip"));
  CHECK(tag("gzip") != tag("identity"));
  CHECK(site.have(kScript, {{"Accept-Encoding", "br"}, {"If-None-Match", tag("gzip")}}).status ==
        200);
  CHECK(site.have(kScript, {{"Accept-Encoding", "br"}, {"If-None-Match", tag("br")}}).status ==
        304);
}

TEST_CASE("static files: the twin that the browser likes best is sent", "[runtime][pages]") {
  struct Case {
    const char* accepted;
    const char* coding;
    const char* body;
  };
  const Site site;
  for (const auto& [accepted, coding, body] : {
           Case{"gzip, deflate, br, zstd", "br", "script in brotli"},
           Case{"br;q=1.0, gzip;q=0.8, *;q=0.1", "br", "script in brotli"},
           Case{"gzip, br;q=0.5", "gzip", "script in gzip"},
           Case{"GZIP ; Q=0.3", "gzip", "script in gzip"},
           Case{"br;q=0, gzip;q=0.001", "gzip", "script in gzip"},
           Case{"*", "br", "script in brotli"},
           Case{"br;q=0, *", "gzip", "script in gzip"},
           Case{"identity, br;q=0.9", "", "script"},
           Case{"br;q=0", "", "script"},
           Case{"br;q=2, gzip;q=-1", "", "script"},
           Case{"bro, xgzip, deflate", "", "script"},
           Case{"", "", "script"},
           Case{";;;,,;q=,=;q=1", "", "script"},
       }) {
    CAPTURE(accepted);
    const auto response = site.have(kScript, {{"Accept-Encoding", accepted}});
    CHECK(response.header("Content-Encoding").value_or("") == coding);
    CHECK(response.body == body);
    CHECK(response.content_type == "text/javascript; charset=utf-8");
    CHECK(response.header("Vary") == "Accept-Encoding");
  }
  CHECK(site.have(kScript).body == "script");
  CHECK(site.have(kScript, {{"Accept-Encoding", "gzip"}, {"Accept-Encoding", "br"}}).body ==
        "script in brotli");
  CHECK(site.have("assets/only-3c4d.css", {{"Accept-Encoding", "br, gzip"}}).body ==
        "style in gzip");
}

TEST_CASE("static files: what has no twin is the same for everybody", "[runtime][pages]") {
  const Site site;
  const auto response = site.have("assets/icon-5e6f.svg", {{"Accept-Encoding", "br, gzip"}});
  CHECK(response.body == "<svg/>");
  CHECK_FALSE(response.header("Content-Encoding"));
  CHECK_FALSE(response.header("Vary"));
}

TEST_CASE("static files: twins are no files of their own, unless they are nobody's",
          "[runtime][pages]") {
  const Site site;
  CHECK_FALSE(site.ask(kScript + ".br"));
  CHECK_FALSE(site.ask(kScript + ".gz"));
  CHECK(site.have("assets/orphan.br").body == "nothing is called orphan");
  CHECK(site.files.count() == 8);
}

TEST_CASE("static files: a path of a page's own is the page", "[runtime][pages]") {
  const Site site;
  for (const char* path : {"hq", "hq/", "hq/orders", "hq/orders/4f2a/lines", "hq/v1.2/orders"}) {
    CAPTURE(path);
    CHECK(site.have(path).body == "<title>hq</title>");
    CHECK(site.have(path).header("Cache-Control") == "no-cache");
  }
  CHECK(site.have("handheld/tasks").body == "<title>handheld</title>");
}

TEST_CASE("static files: what is not there is not found", "[runtime][pages]") {
  const Site site;
  for (const char* path :
       {"", "/", "hq/app.js", "hq/orders/1.pdf", "assets", "assets/", "assets/app-0000.js",
        "assets/app", "counter", "counter/sale", "index.html", "HQ", "Hq/index.html",
        "hq\\orders.x", "//hq", "/hq/index.html", "./hq/index.html", ".."}) {
    CAPTURE(path);
    const auto answer = site.ask(path);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::kNotFound);
    CHECK(answer.error().reason == "no_such_path");
  }
}

TEST_CASE("static files: no path leads out of the folder", "[runtime][pages]") {
  const Site site;
  const std::string secret = (site.folder.root / "secret.txt").string();
  for (const std::string& path :
       {std::string("../secret.txt"), std::string("assets/../../secret.txt"), secret, "/" + secret,
        std::string("hq/../../secret.txt"), std::string("..%2fsecret.txt"),
        std::string("..\\secret.txt"), std::string("secret.txt"),
        std::string("hq\0/secret.txt", 14)}) {
    CAPTURE(path);
    CHECK_FALSE(site.ask(path));
  }
  // Without a dot in its last segment it is the page's own business, and the page is all there is.
  CHECK(site.have("hq/../../etc/passwd").body == "<title>hq</title>");
}

TEST_CASE("static files: everything carries the fields that keep a page safe", "[runtime][pages]") {
  const Site site;
  for (const std::string& path :
       {std::string("hq/index.html"), kScript, std::string("favicon.ico")}) {
    CAPTURE(path);
    const auto response = site.have(path);
    CHECK(response.header("Content-Security-Policy") ==
          "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
    CHECK(response.header("X-Content-Type-Options") == "nosniff");
    CHECK(response.header("Referrer-Policy") == "no-referrer");
    CHECK(response.header("Permissions-Policy").value().find("camera=(self)") != std::string::npos);
  }
}

TEST_CASE("static files: another build has another id, the same build the same",
          "[runtime][pages]") {
  const Site site;
  const Site same;
  CHECK(site.files.build().size() == 16);
  CHECK(site.files.build() == same.files.build());
  const Folder& folder = site.folder;
  folder.write("assets/new-9c0d.js", "more");
  const auto more = StaticFiles::load(folder.path);
  CHECK(more->build() != site.files.build());
  folder.write("hq/index.html", "<title>HQ</title>");
  CHECK(StaticFiles::load(folder.path)->build() != more->build());
}

TEST_CASE("static files: what changes after the start is not seen", "[runtime][pages]") {
  const Site site;
  site.folder.write("hq/index.html", "another");
  fs::remove(site.folder.path / kScript);
  CHECK(site.have("hq/index.html").body == "<title>hq</title>");
  CHECK(site.have(kScript).body == "script");
}

TEST_CASE("static files: a folder that is not there is an error", "[runtime][pages]") {
  const Folder folder;
  const auto missing = StaticFiles::load(folder.path / "nowhere");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::kNotFound);
  CHECK(missing.error().reason == "no_pages_dir");
  CHECK(missing.error().message.find("nowhere") != std::string::npos);
  folder.write("file", "x");
  CHECK(StaticFiles::load(folder.path / "file").error().reason == "no_pages_dir");
}

TEST_CASE("static files: a folder that is too large is an error in words", "[runtime][pages]") {
  const Folder folder;
  folder.write("a.bin", std::string(1U << 20U, 'a'));
  CHECK(StaticFiles::load(folder.path, 1U << 20U)->octets() == 1U << 20U);
  folder.write("deep/b.gz", "b");
  const auto large = StaticFiles::load(folder.path, 1U << 20U);
  REQUIRE_FALSE(large);
  CHECK(large.error().code == ErrorCode::kInvalid);
  CHECK(large.error().reason == "bad_pages_dir");
  CHECK(large.error().message.find("more than 1 MiB") != std::string::npos);
}

TEST_CASE("static files: a link in the folder is an error", "[runtime][pages]") {
  const Folder folder;
  write_pages(folder);
  fs::create_symlink(folder.root / "secret.txt", folder.path / "assets/link.txt");
  const auto linked = StaticFiles::load(folder.path);
  REQUIRE_FALSE(linked);
  CHECK(linked.error().reason == "bad_pages_dir");
  CHECK(linked.error().message.find("assets/link.txt") != std::string::npos);
  fs::remove(folder.path / "assets/link.txt");
  fs::create_directory_symlink(folder.root, folder.path / "up");
  CHECK(StaticFiles::load(folder.path).error().reason == "bad_pages_dir");
}

TEST_CASE("static files: a folder in it can be left out", "[runtime][pages]") {
  const Folder folder;
  write_pages(folder);
  const auto all = StaticFiles::load(folder.path);
  folder.write("bench/index.html", "<title>bench</title>");
  folder.write("bench/deep/large.js", std::string(1U << 20U, 'a'));
  folder.write("hq/bench/kept.js", "only the whole path counts");
  const auto without = StaticFiles::load(folder.path, 1U << 20U, "bench");
  REQUIRE(without);
  CHECK_FALSE(without->has("bench/index.html"));
  CHECK_FALSE(without->has("bench/deep/large.js"));
  CHECK(without->has("hq/bench/kept.js"));
  CHECK(without->count() == all->count() + 1);
}

TEST_CASE("static files: the folder itself may be a link, and empty", "[runtime][pages]") {
  const Folder folder;
  fs::create_directory_symlink(folder.path, folder.root / "current");
  CHECK(StaticFiles::load(folder.root / "current")->count() == 0);
}

TEST_CASE("accepted encodings: nothing said means plain only", "[runtime][pages]") {
  const AcceptedEncodings silent = accepted_encodings({});
  CHECK(silent.brotli == 0);
  CHECK(silent.gzip == 0);
  CHECK(silent.identity == 1);
  CHECK(accepted_encodings({{"accept-encoding", "gzip;q=0.25"}}).gzip == 250);
  CHECK(accepted_encodings({{"accept-encoding", "gzip;q=1.000"}}).gzip == 1000);
  CHECK(accepted_encodings({{"accept-encoding", "gzip;q=1.001"}}).gzip == 0);
  CHECK(accepted_encodings({{"accept-encoding", "gzip;q=0.0001"}}).gzip == 0);
  CHECK(accepted_encodings({{"accept-encoding", "*;q=0"}}).identity == 0);
}

/// The files behind the real server, as the programs put them there.
struct Served {
  Served() : server({route()}) {}

  Route route() {
    return {"GET", "/ui/{path...}", "", [this](const HttpRequest& request, const Principal&) {
              return site.files.answer(request.parameter("path"), request);
            }};
  }
  [[nodiscard]] RawResponse ask(std::string_view path, std::string_view fields = {}) const {
    return server.exchange(get(path, fields));
  }

  Site site;
  TestServer server;
};

TEST_CASE("static files: over HTTP a page comes with its fields, once each", "[runtime][pages]") {
  const Served served;
  const auto page = served.ask("/ui/hq/orders/1?tab=2", "Accept-Encoding: br\r\n");
  CHECK(page.status == 200);
  CHECK(page.body == "hq in brotli");
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.header("Content-Encoding") == "br");
  for (const char* once : {"X-Content-Type-Options", "Cache-Control", "Content-Length", "ETag"}) {
    CAPTURE(once);
    CHECK(page.headers.count(once) == 1);
  }
  const auto same = served.ask(
      "/ui/hq/", "Accept-Encoding: br\r\nIf-None-Match: " + page.header("ETag") + "\r\n");
  CHECK(same.status == 304);
  CHECK(same.header("Content-Length").empty());
}

TEST_CASE("static files: over HTTP HEAD has no body, other methods are refused",
          "[runtime][pages]") {
  const Served served;
  auto peer = served.server.connect();
  peer.send("HEAD /ui/" + kScript + " HTTP/1.1\r\nHost: t\r\n\r\n" + get("/ui/hq/"));
  const auto head = peer.response(false);
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "6");
  CHECK(head.header("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(peer.response().body == "<title>hq</title>");
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    CAPTURE(method);
    const auto refused = served.server.exchange(std::string(method) +
                                                " /ui/hq/ HTTP/1.1\r\nHost: t\r\n"
                                                "Content-Length: 0\r\n\r\n");
    CHECK(refused.status == 405);
    CHECK(refused.header("Allow") == "GET, HEAD");
  }
}

TEST_CASE("static files: over HTTP no address leads out of the folder", "[runtime][pages]") {
  const Served served;
  for (const char* path :
       {"/ui/../secret.txt", "/ui/%2e%2e/secret.txt", "/ui/..%2fsecret.txt", "/ui/..%5csecret.txt",
        "/ui/assets/..%2f..%2fsecret.txt", "/ui/assets/%2e%2e/%2e%2e/secret.txt",
        "/ui//../secret.txt", "/ui/%252e%252e/secret.txt", "/ui/.%00./secret.txt",
        "/ui/hq/%c0%ae%c0%ae/secret.txt", "/ui/secret.txt", "/ui//secret.txt"}) {
    CAPTURE(path);
    const auto response = served.ask(path);
    CHECK((response.status == 400 || response.status == 404));
    CHECK(response.header("Content-Type") == "application/problem+json");
    CHECK(response.body.find("\"secret\"") == std::string::npos);
    CHECK(response.body != "secret");
  }
}

}  // namespace
}  // namespace cairn::runtime::static_files_test
