extension Settings {
  /// The text of a file with another current context; comments and all else stay as they are.
  public static func text(_ text: String, choosing name: String) -> String {
    let mark = text.hasPrefix("\u{FEFF}") ? "\u{FEFF}" : ""
    let text = String(text.dropFirst(mark.count))
    let places = KeyLines(text)
    let setting = "current-context = \"\(name)\""
    guard let line = places[["current-context"]] ?? places[["current_context"]] else {
      return mark + setting + "\n" + text
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[line - 1] = setting + comment(in: lines[line - 1])
    return mark + lines.joined(separator: "\n")
  }

  /// The comment behind a quoted value, with the space before it.
  private static func comment(in line: String) -> String {
    let parts = line.split(separator: "=", maxSplits: 1)
    guard let value = parts.last?.drop(while: { $0 == " " || $0 == "\t" }), let quote = value.first,
      quote == "\"" || quote == "'"
    else { return "" }
    let rest = value.dropFirst().drop { $0 != quote }.dropFirst()
    return rest.contains("#") ? String(rest) : ""
  }

  /// A file to begin with: every setting, explained.
  public static let example = """
    # The configuration of mds. `mds config path` says where it belongs, `mds config check` reads it line by line.

    # The context that is used where none is named; `mds config use NAME` changes it.
    current-context = "lab"

    # A theme: default, light, dark, high-contrast, high-contrast-light, mono, or a file of themes/ beside this one.
    # Left out, the terminal decides between default and light.
    # theme = "dark"

    # Draw without lines and blocks; or say that the terminal gives two cells to characters of ambiguous width.
    # ascii = true
    # ambiguous_width = 2

    # One line above every screen that says how what is shown is to be handled.
    # banner = "INTERNAL"

    [review]
    # A judgement is saved with the key s ("on-key"), or with the verdict's own key ("on-verdict").
    save = "on-key"
    # A queue starts with the model's answers hidden.
    blind = false

    # A context: a deployment service, and where there is one the researchers' collector. The short form is an address;
    # http is for this machine.
    [contexts.lab]
    service = "http://127.0.0.1:8080"

    # The long form says how an endpoint is reached. A credential never stands here: name a file that only you can read,
    # or a command that prints it. Paths are beside this file, or begin with / or ~.
    # [contexts.prod]
    # analyst = "ana"
    # ledger = "~/ledgers/prod.sqlite"
    # banner = "RESTRICTED"
    #
    # [contexts.prod.service]
    # url = "https://mesh.example:9000"
    # ca = "authority.pem"
    # certificate = "me.pem"
    # key = "me.key"
    # token_file = "prod.token"
    # insecure = true             # plain http to another machine: only where you must
    #
    # [contexts.prod.collector]
    # url = "https://collector.example"
    # token_command = ["pass", "show", "mds/collector"]

    # Other keys for a command, by screen; `mds keys --names` lists screens and commands.
    # [keys.everywhere]
    # move-down = ["n", "Down"]
    # quit = "g q"

    """
}
