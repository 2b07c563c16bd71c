import ConfigurationFile
import Frames
import Testing

@Suite("A configuration file")
struct SettingsTests {
  static let vocabulary: KeyVocabulary = ["everywhere": ["move-down", "quit"], "case": ["agree", "save"]]

  @Test("gives contexts with their endpoints, credentials by reference, and how the screen looks")
  func whole() throws {
    let settings = try Settings(
      parsing: Array(
        """
        current-context = "prod"
        theme = "light"
        ascii = false
        ambiguous-width = 2
        banner = "RESTRICTED"

        [review]
        save = "on-verdict"
        blind = true

        [contexts.prod]
        analyst = "ana"
        ledger = "~/ledgers/prod.sqlite"
        banner = "LAB"
        service_name = "income lab"

        [contexts.prod.service]
        url = "https://mesh.example:9000"
        ca = "ca.pem"
        certificate = "me.pem"
        key = "me.key"
        token_command = ["pass", "show", "mds"]

        [contexts.prod.collector]
        url = "https://collector.example"
        token_file = "~/.config/mds/collector.token"

        [contexts."lab-2"]
        service = "http://127.0.0.1:8080"

        [contexts.far.service]
        url = "http://mesh.example"
        insecure = true

        [keys.everywhere]
        move-down = ["n", "Down"]
        quit = "g q"
        [keys.case]
        agree = []
        """.utf8), vocabulary: Self.vocabulary)
    #expect(settings.currentContext == "prod")
    #expect(settings.theme == "light")
    #expect(settings.ascii == false)
    #expect(settings.ambiguousWidth == 2)
    #expect(settings.banner == "RESTRICTED")
    #expect(settings.save == .onVerdict)
    #expect(settings.blind == true)
    #expect(settings.contexts.map(\.name) == ["prod", "lab-2", "far"])
    let prod = try #require(settings.context("prod"))
    #expect(prod.analyst == "ana")
    #expect(prod.ledger == "~/ledgers/prod.sqlite")
    #expect(prod.banner == "LAB")
    #expect(prod.serviceName == "income lab")
    #expect(
      prod.service
        == EndpointSettings(
          url: "https://mesh.example:9000", authority: "ca.pem", certificate: "me.pem", key: "me.key",
          token: .command(["pass", "show", "mds"])))
    #expect(
      prod.collector
        == EndpointSettings(url: "https://collector.example", token: .file("~/.config/mds/collector.token")))
    #expect(settings.context("far")?.service.isInsecure == true)
    #expect(
      settings.keys == [
        KeySetting(scope: "everywhere", command: "move-down", sequences: [[.text("n")], [.down]], line: 36),
        KeySetting(scope: "everywhere", command: "quit", sequences: [[.text("g"), .text("q")]], line: 37),
        KeySetting(scope: "case", command: "agree", sequences: [], line: 39),
      ])
  }

  @Test("may be empty, begin with a byte order mark, and write names with - or _")
  func liberties() throws {
    #expect(try Settings(parsing: []) == Settings())
    #expect(try Settings(parsing: [0xEF, 0xBB, 0xBF] + Array("ascii = true".utf8)).ascii == true)
    let text = "current_context = \"a\"\n[contexts.a]\nservice = \"https://a\""
    #expect(try Settings(parsing: Array(text.utf8)).currentContext == "a")
  }

  /// A wrong file, and the line that says so.
  static let wrong: [(String, String)] = [
    ("them = \"light\"", "1: there is no setting \"them\" in the file; did you mean theme?"),
    ("\n\n[reviw]\nblind = true", "3: there is no setting \"reviw\" in the file; did you mean review?"),
    ("[review]\nblnd = true", "2: there is no setting \"blnd\" in [review]; did you mean blind?"),
    ("[review]\nblind = \"yes\"", "2: blind is text; it is to be true or false, without quotes"),
    ("[review]\nsave = \"on-verdct\"", "2: save cannot be \"on-verdct\"; did you mean on-verdict?"),
    ("[review]\nsave = \"now\"", "2: save cannot be \"now\"; there are on-key, on-verdict"),
    ("review = 3", "1: [review] is a number, not a table"),
    ("theme = 3", "1: theme is a number; it is to be text in quotes"),
    ("theme = 3.5", "1: theme is a number with a fraction; it is to be text in quotes"),
    ("theme = 2026-01-01", "1: theme is a date; it is to be text in quotes"),
    ("theme = \"\"", "1: theme is empty; leave it out, or give it a value"),
    ("banner = \"a\\nb\"", "1: banner is to be one line of at most 200 characters"),
    ("ambiguous_width = 3", "1: ambiguous_width is not a number from 1 to 2"),
    ("ascii = true\nascii = false", "2: column "),
    ("theme = light", "1: column "),
    ("theme = \"light", "1: column "),
    ("[contexts", "1: column "),
    ("current-context = \"a\"\ncurrent_context = \"b\"", "2: current_context stands twice in the file"),
    ("service = \"https://a\"", "1: there is no setting \"service\" in the file; it belongs in a context"),
    ("[context.a]\nservice = \"https://a\"", "1: there is no setting \"context\" in the file; contexts are written"),
    ("contexts = 1", "1: contexts is a number; it is to be a table: [contexts.NAME]"),
    ("[contexts]\nprod = \"https://a\"", "2: prod is no table of contexts; its settings stand under [contexts.NAME]"),
    ("[contexts.a]\nanalyst = \"x\"", "1: [contexts.a] has no service; service = \"https://…\" is its address"),
    ("[contexts.a]\nservice = 8080", "2: service is a number; it is an address in quotes, or a table"),
    ("[contexts.a]\nservice = \"a.example\"", "2: \"a.example\" is no address; it begins with https:// or http://"),
    ("[contexts.a]\nservice = \"grpc://a\"", "2: \"grpc\" is no way to reach a service; https and http are"),
    ("[contexts.a]\nservice = \"https://\"", "2: \"https://\" is no address"),
    ("[contexts.a]\nservice = \"https://a b\"", "2: \"https://a b\" is no address"),
    ("[contexts.a]\nservice = \"http://a.example\"", "2: plain http to \"a.example\" can be read by others on the way"),
    ("[contexts.a]\nservice = \"http://127.evil.example\"", "2: plain http to \"127.evil.example\""),
    (
      "[contexts.a]\nservice = \"https://a\"\n[contexts.a.collector]\nurl = \"https://c\"\ninsecure = true",
      "5: a collector is never reached insecurely"
    ),
    (
      "[contexts.a]\nservice = \"https://a\"\ncollector = \"http://c.example\"",
      "3: plain http to \"c.example\" can be read by others on the way; a collector is reached by https"
    ),
    ("[contexts.a.service]\nurl = \"https://a\"\nkey = \"k\"", "1: certificate and key go together"),
    ("[contexts.a.service]\nca = \"x\"", "1: [contexts.a.service] has no url"),
    (
      "[contexts.a.service]\nurl = \"https://a\"\ninsecur = true",
      "3: there is no setting \"insecur\" in [contexts.a.service]; did you mean insecure?"
    ),
    (
      "[contexts.a.service]\nurl = \"https://a\"\ntoken_command = \"pass show mds\"",
      "3: token_command is no list of texts; write it as token_command = [\"pass\", \"show\", \"mds\"]"
    ),
    ("[contexts.a.service]\nurl = \"https://a\"\ntoken_command = []", "3: token_command is no list of texts"),
    (
      "[contexts.a.service]\nurl = \"https://a\"\ntoken_file = \"f\"\ntoken_command = [\"c\"]",
      "1: token_file and token_command both stand"
    ),
    (
      "[contexts.a]\nservice = \"https://a\"\ntoken_file = \"f\"",
      "3: there is no setting \"token_file\" in [contexts.a]; it belongs to an endpoint"
    ),
    ("[contexts.\"../x\"]\nservice = \"https://a\"", "1: \"../x\" cannot be a context's name"),
    ("[contexts.\"\"]\nservice = \"https://a\"", "1: \"\" cannot be a context's name"),
    (
      "current-context = \"prd\"\n[contexts.prod]\nservice = \"https://a\"",
      "1: there is no context \"prd\"; did you mean prod?"
    ),
    ("current-context = \"prod\"", "1: there is no context \"prod\"; the file has no [contexts.prod]"),
    ("[keys.cas]\nagree = \"a\"", "1: there is no screen \"cas\" to give keys to; did you mean case?"),
    ("[keys.case]\nagre = \"a\"", "2: there is no command \"agre\" on case; did you mean agree?"),
    ("[keys.case]\nagree = \"Ctrl-Alt-Del\"", "2: \"Ctrl-Alt-Del\" is no key"),
    ("[keys.case]\nagree = \"a b c\"", "2: \"a b c\" is no sequence of one or two keys"),
    ("[keys.case]\nagree = true", "2: keys of agree are text"),
    ("[keys.case]\nagree = \"a\"\nsave = [\"s\", \"a\"]", "3: a is given to agree and to save"),
    ("[keys.case]\nagree = \"g\"\nsave = \"g s\"", "3: g begins g s, which could never be typed; line 2 has the other"),
    ("[keys.case]\nagree = \"g s\"\nsave = \"g\"", "3: g begins g s, which could never be typed; line 2 has the other"),
    ("[keys.case]\nagree = \"^C\"", "2: ^C always means quit; give agree another key"),
    ("[keys.case]\nagree = \"Ctrl-L\"", "2: ^L always means redraw; give agree another key"),
    ("[keys.case]\nagree = \"3\"", "2: 3 is a count before a move; give agree another key"),
    ("keys = 1", "1: keys is a number"),
    ("banner = [}", "1: a list holds what is no value"),
    ("theme = [\"a\",\n}]", "2: a list holds what is no value"),
    ("theme = [ # \n\u{2028}", "2: a list holds what is no value"),
    ("restore = \"no\"", "1: restore is text; it is to be true or false, without quotes"),
  ]

  @Test("that is wrong says the line, what is wrong, and what was meant", arguments: wrong)
  func mistake(text: String, expected: String) throws {
    let error = #expect(throws: Mistakes.self) {
      try Settings(parsing: Array(text.utf8), vocabulary: Self.vocabulary)
    }
    let said = try #require(error).all.map { $0.text(in: "f") }
    #expect(said.contains { $0.hasPrefix("f:" + expected) }, "\(said)")
  }

  @Test(
    "with a credential in it is refused, and the credential is not repeated",
    arguments: [
      "[contexts.a]\nservice = \"https://a\"\ntoken = \"hunter2\"",
      "[contexts.a.service]\nurl = \"https://a\"\ntoken = \"hunter2\"",
      "[contexts.a.service]\nurl = \"https://a\"\npassword = \"hunter2\"",
      "[contexts.a.service]\nurl = \"https://ana:hunter2@a\"",
      "[contexts.a]\nservice = \"https://hunter2@a\"",
      "token = \"hunter2\"",
    ])
  func credential(text: String) throws {
    let error = #expect(throws: Mistakes.self) { try Settings(parsing: Array(text.utf8)) }
    let said = try #require(error).all.map { $0.text(in: "f") }.joined(separator: "\n")
    #expect(said.contains("token_file"))
    #expect(!said.contains("hunter2"))
  }

  @Test("that is no TOML does not repeat what stands there, which may be a credential")
  func credentialOutsideQuotes() throws {
    for text in ["token = hunter2", "token = \"hunter2", "[contexts.a]\ntoken hunter2", "token = \"a\" hunter2"] {
      let error = #expect(throws: Mistakes.self) { try Settings(parsing: Array(text.utf8)) }
      let said = try #require(error).all.map { $0.text(in: "f") }.joined(separator: "\n")
      #expect(!said.contains("hunter"), "\(said)")
    }
  }

  @Test("tells every mistake at once, in the order of the lines")
  func severalMistakes() throws {
    let text = "them = \"a\"\n[review]\nblind = 1\n[contexts.a]\nservice = \"ftp://x\"\n"
    let error = #expect(throws: Mistakes.self) { try Settings(parsing: Array(text.utf8)) }
    #expect(try #require(error).all.map(\.line) == [1, 3, 5])
  }

  @Test("that is no text is refused with the line of the first stray byte")
  func strayBytes() throws {
    let error = #expect(throws: Mistakes.self) { try Settings(parsing: Array("ascii = true\n# ".utf8) + [0xFF, 0x0A]) }
    #expect(try #require(error).all == [Mistake(line: 2, what: "this line is no UTF-8")])
    let zero = #expect(throws: Mistakes.self) { try Settings(parsing: Array("ascii = true\n\n".utf8) + [0]) }
    #expect(try #require(zero).all == [Mistake(line: 3, what: "a NUL byte stands here")])
  }
}
