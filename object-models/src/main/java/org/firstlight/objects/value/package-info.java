/**
 * What a Resource holds, with its LwM2M data type, and its text form in the API and in
 * configuration documents. Values come from people (a plan, a document) and from devices; the
 * object models check them before they are written anywhere.
 */
@NullMarked
package org.firstlight.objects.value;

import org.jspecify.annotations.NullMarked;
