internal import FoundationEssentials

/// What the command line asks for.
struct Options {
  enum Task { case serve, help, version }

  var task = Task.serve
  var port = 8080
  var models: URL?
  var stdinCloses = false

  static let help = """
    mds-service: the embedded deployment service of mds, on loopback

    usage: mds-service [--port N] [--models DIR] [--stdin-closes]

      --port N         the port on 127.0.0.1; 0 takes a free one (default 8080)
      --models DIR     the folder of models; without it the one beside the program, in PREFIX/share/mds/models,
                       or in fixtures/models above the program
      --stdin-closes   exit when standard input closes
      --version, --help

    When the service is ready it prints one line of JSON: {"url":"http://127.0.0.1:PORT"}
    """

  /// What is wrong with the command line.
  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String]) throws(Mistake) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": task = .help
      case "--version": task = .version
      case "--stdin-closes": stdinCloses = true
      case "--port":
        guard let text = rest.popFirst(), let port = Int(text), (0...65_535).contains(port) else {
          throw Mistake(description: "--port needs a number from 0 to 65535")
        }
        self.port = port
      case "--models":
        guard let path = rest.popFirst() else { throw Mistake(description: "--models needs a folder") }
        models = URL(filePath: path, directoryHint: .isDirectory)
      default: throw Mistake(description: "unknown argument: \(argument)")
      }
    }
  }
}
