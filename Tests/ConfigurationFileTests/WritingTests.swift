import ConfigurationFile
import Domain
import Testing

@Suite("Writing into a configuration file")
struct WritingTests {
  private static let whole = ContextSettings(
    name: "new.lab",
    service: EndpointSettings(
      url: "https://mesh.example:9000", isInsecure: false, authority: "ca \"1\".pem", certificate: "me.pem",
      key: "me.key", token: .command(["pass", "show", "a\\b"]),
      pins: ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], proxy: "none", host: "mesh.inference.seldon"),
    kind: .seldonCore2, collector: EndpointSettings(url: "https://collector.example"),
    scheduler: EndpointSettings(url: "http://scheduler.example:9004", isInsecure: true),
    kubernetes: EndpointSettings(url: "https://cluster.example:6443", token: .file("~/k8s.token")),
    prometheus: EndpointSettings(url: "http://127.0.0.1:9090"), namespace: "seldon-mesh",
    catalogues: ["a.toml", "b.toml"], allowsLoading: true, analyst: "ana", ledger: "~/l.sqlite",
    keepsInputs: .hash, banner: "LAB", serviceName: "the \"lab\"")

  @Test(
    "a context that is added is read back as it was, and all else stays",
    arguments: ["", "theme = \"light\" # mine\n", "[contexts.lab]\nservice = \"http://127.0.0.1:8080\""])
  func adding(before: String) throws {
    let text = Settings.text(before, adding: Self.whole)
    #expect(text.hasPrefix(before))
    var read = try #require(try Settings(parsing: Array(text.utf8)).context("new.lab"))
    read.line = Self.whole.line
    #expect(read == Self.whole)
  }

  @Test("a setting of a context is written below its header, or in the place of the one that is there")
  func setting() {
    let before =
      "[contexts.lab]\nservice = \"http://127.0.0.1:1\"\nledger = \"a.sqlite\" # mine\n[review]\nblind = true\n"
    #expect(
      Settings.text(before, setting: "ledger", to: "/b.sqlite", in: "lab")
        == before.replacing("\"a.sqlite\"", with: "\"/b.sqlite\""))
    #expect(
      Settings.text(before, setting: "analyst", to: "ana", in: "lab")
        == before.replacing("[contexts.lab]\n", with: "[contexts.lab]\nanalyst = \"ana\"\n"))
    #expect(Settings.text(before, setting: "ledger", to: "x", in: "other") == before)
  }

  @Test("a context that is an address only is two lines")
  func short() {
    let text = Settings.text(
      "", adding: ContextSettings(name: "lab", service: EndpointSettings(url: "http://[::1]:1"), kind: .triton))
    #expect(text == "[contexts.lab]\nkind = \"triton\"\nservice = \"http://[::1]:1\"\n")
  }

  @Test("an endpoint is added to a context, wherever that stands")
  func endpoint() throws {
    let before = "[contexts.lab]\nservice = \"http://127.0.0.1:8080\"\n\n[review]\nblind = true\n"
    let prometheus = EndpointSettings(url: "https://p.example", token: .file("t"))
    let text = Settings.text(before, adding: prometheus, as: "prometheus", to: "lab")
    #expect(text.hasPrefix(before))
    #expect(try Settings(parsing: Array(text.utf8)).context("lab")?.prometheus == prometheus)
  }
}

extension SettingsTests {
  @Test("a pin, a proxy and a kind that cannot be are told with their line")
  func endpointMistakes() throws {
    let service = "[contexts.a.service]\nurl = \"https://a\"\n"
    for (setting, words) in [
      ("pins = \"abc\"", "3: \"abc\" is no pin; it is the SHA-256"),
      ("proxy = \"ftp://x\"", "3: \"ftp://x\" is no proxy; it is \"none\""),
      ("proxy = \"http://ana:canary@x\"", "3: proxy holds a user or a password"),
      ("proxy = 3", "3: proxy is a number"),
    ] {
      let mistakes = #expect(throws: Mistakes.self) { try Settings(parsing: Array((service + setting).utf8)) }
      let told = mistakes?.all.map { $0.text(in: "f") } ?? []
      #expect(told.contains { $0.hasPrefix("f:" + words) || $0.contains(words) }, "\(told)")
      #expect(!told.contains { $0.contains("canary") })
    }
    let kind = #expect(throws: Mistakes.self) {
      try Settings(parsing: Array("[contexts.a]\nservice = \"https://a\"\nkind = \"mlservr\"".utf8))
    }
    #expect(kind?.all.first?.advice == "did you mean mlserver?")
  }
}
