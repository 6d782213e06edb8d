package org.firstlight.kit.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a data directory that cannot be made anew: the key-encryption keys and the two CAs.
 * A backup may carry them, and a restore puts them back; by their paths below the data directory.
 */
public final class KeyFiles {
  private static final Pattern OURS =
      Pattern.compile("keys/[a-z0-9-]{1,40}\\.key|pki/[a-z-]{1,40}-ca\\.[a-z.]{1,12}");

  /**
   * Those that are there.
   *
   * @throws PkiException if one cannot be read, or is open to others
   */
  public static Map<String, byte[]> read(Path dataDirectory) {
    Map<String, byte[]> files = new TreeMap<>();
    for (String folder : new String[] {"keys", "pki"}) {
      Path path = dataDirectory.resolve(folder);
      if (Files.isDirectory(path)) {
        try (Stream<Path> found = Files.list(path)) {
          found
              .map(file -> file.getFileName().toString())
              .filter(name -> isOne(folder + "/" + name))
              .forEach(name -> files.put(folder + "/" + name, PrivateFiles.in(path).read(name)));
        } catch (IOException e) {
          throw new PkiException("%s cannot be read".formatted(path), e);
        }
      }
    }
    return files;
  }

  /**
   * Writes those that are missing.
   *
   * @throws PkiException before anything is written, if another stands in the place of one, or a
   *     path is none of ours
   */
  public static void place(Path dataDirectory, Map<String, byte[]> files) {
    Map<String, byte[]> present = read(dataDirectory);
    files.forEach(
        (path, content) -> {
          if (!isOne(path)) {
            throw new PkiException("%s is no key file of a data directory".formatted(path));
          }
          byte[] other = present.getOrDefault(path, content);
          if (!MessageDigest.isEqual(other, content)) {
            throw new PkiException(
                "%s is there already and another: move it away first"
                    .formatted(dataDirectory.resolve(path)));
          }
        });
    files.forEach(
        (path, content) -> {
          if (!present.containsKey(path)) {
            Path file = dataDirectory.resolve(path);
            PrivateFiles.in(file.getParent()).write(file.getFileName().toString(), content);
          }
        });
  }

  private static boolean isOne(String path) {
    return OURS.matcher(path).matches();
  }

  private KeyFiles() {}
}
