import Foundation

/// Programs that PyPI has, in an environment of their own that goes with its folder.
struct PythonPrograms {
  private let environment: String
  /// The version of each package that could be installed.
  private(set) var versions: [String: String] = [:]
  var python: String { environment + "/bin/python" }

  init(in folder: String, installing packages: [String]) {
    environment = folder + "/python"
    guard (try? Programs.run(["/usr/bin/python3", "-m", "venv", environment])) != nil else { return }
    for package in packages {
      let words = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", package]
      guard (try? Programs.run(words)) != nil,
        let told = try? Programs.run([python, "-m", "pip", "--disable-pip-version-check", "show", package])
      else { continue }
      let line = told.split(separator: "\n").first { $0.hasPrefix("Version: ") }
      versions[package] = line.map { String($0.dropFirst(9)) }
    }
  }

  func path(of program: String) -> String { "\(environment)/bin/\(program)" }

  /// A table of 500 rows, as Textual's own documentation has one.
  static let table = """
    from textual.app import App
    from textual.widgets import DataTable

    class Models(App):
        def compose(self):
            yield DataTable(cursor_type="row")

        def on_mount(self):
            table = self.query_one(DataTable)
            table.add_columns("NAME", "VER", "STATE", "CALLS", "P95 MS", "ERR%", "DRIFT")
            for n in range(500):
                table.add_row(f"model-{n:03}", f"v{n % 9}", "Ready", str(n * 37 % 900), str(n % 90), "0.02", f".{n % 97:02}")

    Models().run()

    """
}
