package org.firstlight.objects.ddf;

import static javax.xml.stream.XMLStreamConstants.CDATA;
import static javax.xml.stream.XMLStreamConstants.CHARACTERS;
import static javax.xml.stream.XMLStreamConstants.COMMENT;
import static javax.xml.stream.XMLStreamConstants.END_DOCUMENT;
import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.PROCESSING_INSTRUCTION;
import static javax.xml.stream.XMLStreamConstants.SPACE;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Walks the XML one element at a time; whatever a DDF never holds ends the walk. */
final class DdfCursor {
  private final XMLStreamReader xml;
  private final DdfLimits limits;

  DdfCursor(XMLStreamReader xml, DdfLimits limits) {
    this.xml = xml;
    this.limits = limits;
  }

  /** Steps into the root element. */
  void enter(String root) throws DdfFault, XMLStreamException {
    if (!nextElement().equals(Optional.of(root))) {
      throw fault("the root element is not <%s>".formatted(root));
    }
  }

  /** Steps into the next child of the present element; empty at its end, which is then left. */
  Optional<String> nextElement() throws DdfFault, XMLStreamException {
    while (true) {
      switch (xml.next()) {
        case START_ELEMENT -> {
          String namespace = xml.getNamespaceURI();
          if (namespace != null && !namespace.isEmpty()) {
            throw fault("<%s> is no element of a DDF".formatted(xml.getLocalName()));
          }
          return Optional.of(xml.getLocalName());
        }
        case END_ELEMENT -> {
          return Optional.empty();
        }
        case COMMENT, PROCESSING_INSTRUCTION, SPACE -> {}
        case CHARACTERS, CDATA -> {
          if (!xml.isWhiteSpace()) {
            throw fault("text stands between the elements");
          }
        }
        default -> throw notAllowed();
      }
    }
  }

  /** The text of the present element, without the space around it; its end is then left. */
  String text() throws DdfFault, XMLStreamException {
    String element = xml.getLocalName();
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (xml.next()) {
        case CHARACTERS, CDATA, SPACE -> {
          text.append(xml.getText());
          if (text.length() > limits.maxTextLength()) {
            throw fault(
                "<%s> has more than %d characters".formatted(element, limits.maxTextLength()));
          }
        }
        case END_ELEMENT -> {
          return text.toString().strip();
        }
        case COMMENT, PROCESSING_INSTRUCTION -> {}
        case START_ELEMENT ->
            throw fault("<%s> stands inside <%s>".formatted(xml.getLocalName(), element));
        default -> throw notAllowed();
      }
    }
  }

  Optional<String> attribute(String name) {
    return Optional.ofNullable(xml.getAttributeValue(null, name));
  }

  /** Reads on after the root element, where malformed XML may still follow. */
  void finish() throws DdfFault, XMLStreamException {
    while (xml.next() != END_DOCUMENT) {
      // comments
    }
  }

  DdfFault fault(String reason) {
    return new DdfFault(xml.getLocation().getLineNumber(), reason);
  }

  private DdfFault notAllowed() {
    return fault("a DOCTYPE or an entity is not taken");
  }
}
