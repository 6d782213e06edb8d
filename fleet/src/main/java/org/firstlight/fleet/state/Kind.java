package org.firstlight.fleet.state;

/**
 * A kind of record: its short name in keys, and its Java type.
 *
 * @param word two to six lower-case letters, unique
 * @param formatVersion written with each record; a record of a later version is set aside
 * @param listed whether {@link FleetState#list} finds them: an index costs memory per record
 */
public record Kind<T>(String word, Class<T> type, int formatVersion, boolean listed) {}
