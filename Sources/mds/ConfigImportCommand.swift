import ArgumentParser
import Domain
import Foundation
import Operations

extension ConfigCommand {
  /// Contexts from what other programs know.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Take over what the seldon command line or kubectl knows of a lab.",
      subcommands: [Seldon.self, Kube.self])

    struct Seldon: ParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "seldon", abstract: "Make a context of each profile of the seldon command line.",
        discussion: "The active profile becomes the current context. Nothing of the profiles is changed.")

      @Argument(help: "The list of profiles; else ~/.config/seldon/cli/configs.json.", completion: .file())
      var file: String?

      func run() throws {
        let path = file.map { Files.absolute($0) } ?? ConfigurationImport.seldonPath
        ConfigCommand.tell(
          try Attempt.now { () throws(Problem) in
            try ConfigurationImport.seldon(from: path, into: UserSettings.defaultPath)
          }, "written")
      }
    }

    struct Kube: ParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "kube", abstract: "Add the cluster of a kubeconfig to a context.",
        discussion: """
          Keys and tokens that stand in the kubeconfig itself are kept in files for you alone, beside the \
          configuration file, which names them. Nothing of the kubeconfig is changed.
          """)

      @Argument(help: "The kubeconfig; else the first of KUBECONFIG, else ~/.kube/config.", completion: .file())
      var file: String?
      @Option(help: "A context of the kubeconfig; else its current one.") var kubeContext: String?
      @Option(help: "The context that gets the cluster; else the current one.") var context: String?

      func run() throws {
        let path = file.map { Files.absolute($0) } ?? ConfigurationImport.kubePath
        ConfigCommand.tell(
          try Attempt.now { () throws(Problem) in
            try ConfigurationImport.kube(
              from: path, context: kubeContext, into: UserSettings.defaultPath, to: context)
          }, "has the cluster now")
      }
    }
  }

  fileprivate static func tell(_ result: ConfigurationImport.Result, _ what: String) {
    Standard.lines(result.contexts.map { "context \($0) \(what)" })
    for warning in result.warnings { Standard.errorLine(warning) }
  }

  /// Runs a credential program of a kubeconfig and prints the token of its ExecCredential.
  struct ExecToken: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "exec-token", abstract: "Run a credential program of a kubeconfig and print its token.",
      shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.") var words: [String]

    func run() throws {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = words
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
      process.waitUntilExit()
      // client.authentication.k8s.io: {"kind": "ExecCredential", "status": {"token": …}}
      guard process.terminationStatus == 0, let token = (try? JSON(parsing: bytes))?["status"]?["token"]?.string else {
        throw Failure(
          Problem(
            "\(words.first ?? "The program") gave no token.",
            advice: "It has to print an ExecCredential with status.token; client certificates are not taken from one."))
      }
      Standard.verbatim(token + "\n")
    }
  }
}
