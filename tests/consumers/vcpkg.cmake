# SPDX-License-Identifier: BSD-2-Clause
# Runs the portfile of examples/packaging/vcpkg without vcpkg: what it calls is done here as vcpkg's own scripts do it, for one triplet of
# Linux, with the system's libraries in the place of other ports. vcpkg.sh says with which variables.
cmake_minimum_required(VERSION 3.21)
set(PORT segent)
set(VCPKG_TARGET_IS_LINUX TRUE)

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Options come before those that vcpkg gives itself: optimisation is a matter of the flags.
function(vcpkg_configure_meson)
    cmake_parse_arguments(PARSE_ARGV 0 given "" "SOURCE_PATH" "OPTIONS")
    if(given_UNPARSED_ARGUMENTS OR NOT EXISTS "${given_SOURCE_PATH}/meson.build")
        message(FATAL_ERROR "vcpkg_configure_meson: ${given_SOURCE_PATH}; ${given_UNPARSED_ARGUMENTS}")
    endif()
    set(ENV{CFLAGS} "-fPIC -O3 -DNDEBUG")
    run(meson setup "${WORK}/release" "${given_SOURCE_PATH}" ${given_OPTIONS} --backend ninja --wrap-mode nodownload -Doptimization=plain -Ddebug=false
        --libdir lib --pkgconfig.relocatable --prefix "${CURRENT_PACKAGES_DIR}")
    set(ENV{CFLAGS} "-fPIC -g -O0")
    run(meson setup "${WORK}/debug" "${given_SOURCE_PATH}" ${given_OPTIONS} --backend ninja --wrap-mode nodownload -Doptimization=plain -Ddebug=true
        --libdir lib --pkgconfig.relocatable --prefix "${CURRENT_PACKAGES_DIR}/debug" --includedir ../include)
endfunction()

function(vcpkg_install_meson)
    foreach(kind IN ITEMS release debug)
        run(ninja -C "${WORK}/${kind}" -j2 install)
    endforeach()
endfunction()

function(vcpkg_copy_pdbs) # there are none on Linux
endfunction()

# Both files of pkg-config say where the prefix is from where they lie.
function(vcpkg_fixup_pkgconfig)
    foreach(folder IN ITEMS "" "/debug")
        set(file "${CURRENT_PACKAGES_DIR}${folder}/lib/pkgconfig/segent.pc")
        file(READ "${file}" text)
        string(REGEX REPLACE "(^|\n)prefix=[^\n]*" "\\1prefix=\${pcfiledir}/../.." text "${text}")
        string(REPLACE "${CURRENT_PACKAGES_DIR}" "\${prefix}" text "${text}")
        file(WRITE "${file}" "${text}")
    endforeach()
endfunction()

function(vcpkg_replace_string file old new)
    file(READ "${file}" text)
    string(REPLACE "${old}" "${new}" changed "${text}")
    if(changed STREQUAL text OR ARGN)
        message(FATAL_ERROR "vcpkg_replace_string: ${old} is not in ${file}, or ${ARGN}")
    endif()
    file(WRITE "${file}" "${changed}")
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 given "" "COMMENT" "FILE_LIST")
    file(INSTALL ${given_FILE_LIST} DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}" RENAME copyright)
endfunction()

include("${CURRENT_PORT_DIR}/portfile.cmake")
