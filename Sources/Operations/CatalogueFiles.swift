internal import ConfigurationFile
public import Domain

extension Catalogue {
  /// Reads catalogue files, a later one over an earlier.
  public init(files: [String]) throws(Problem) {
    var entries: [Entry] = []
    for path in files {
      let bytes = try Files.contents(of: path)
      do throws(Mistakes) {
        entries += try Catalogue(parsing: bytes).entries
      } catch {
        throw UserSettings.problem(error, in: path)
      }
    }
    self.init(entries: entries)
  }
}
