# anchors.cmake - write a C file with these DER certificates as twilio_builtin_anchors
#
# SPDX-License-Identifier: MIT
function(twilio_write_anchors file)
    set(data "")
    set(table "")
    foreach(der ${ARGN})
        get_filename_component(der "${der}" ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
        if(NOT EXISTS "${der}")
            message(FATAL_ERROR "TWILIO_ANCHORS: there is no ${der}")
        endif()
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${der}")
        file(READ "${der}" hex HEX)
        if(NOT hex MATCHES "^30")
            message(FATAL_ERROR "TWILIO_ANCHORS: ${der} is not a certificate in DER form")
        endif()
        list(LENGTH table number)
        string(REGEX REPLACE "(..)" "0x\\1, " bytes "${hex}")
        string(APPEND data "static const uint8_t anchor${number}[] = { ${bytes}};\n")
        list(APPEND table "    { anchor${number}, sizeof anchor${number} },\n")
    endforeach()
    string(REPLACE ";" "" rows "${table}")
    list(LENGTH table count)
    set(text "/* Made from ${ARGN} by boards/anchors.cmake. */\n#include \"anchors.h\"\n\n")
    string(APPEND text "${data}\nstatic const struct twilio_anchor anchors[] = {\n${rows}};\n\n"
                       "const struct twilio_anchors twilio_builtin_anchors = { anchors, ${count}, 0 };\n")
    file(CONFIGURE OUTPUT "${file}" CONTENT "${text}" @ONLY)  # touches it only when it changes
endfunction()
